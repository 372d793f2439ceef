package dev.ipcchannel.child;

import dev.ipcchannel.internal.posix.Users;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// The socket on which a JVM listens after a request for a thread dump. The JVM removes it when it
/// exits, but not when it is killed: then the process that requested the dump has to.
///
/// @param path of the socket
/// @param key of this file, which the socket of a later process with the same pid does not have
record AttachSocket(Path path, Object key) {

    private static final Path FOLDER = Path.of("/tmp"); // HotSpot's, whatever java.io.tmpdir says
    private static final String NUMBER = "NSpid:"; // last on that line: its own view

    /// The socket of a running process.
    ///
    /// @return null if there is none, or it is not in our file system
    static @Nullable AttachSocket of(long pid) {
        try {
            Path process = Path.of("/proc", Long.toString(pid));
            String number = Long.toString(pid);
            for (String line : Files.readAllLines(process.resolve("status"))) {
                if (line.startsWith(NUMBER)) {
                    number = line.substring(line.lastIndexOf('\t') + 1);
                }
            }
            Path path = FOLDER.resolve(".java_pid" + number);
            Object key = key(path);
            return key != null && Files.isSameFile(process.resolve("root/tmp"), FOLDER)
                    ? new AttachSocket(path, key) : null;
        } catch (IOException _) { // the process has ended, or we may not look at it
            return null;
        }
    }

    /// The key of the file, if it is a socket of this user.
    private static @Nullable Object key(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class,
                LinkOption.NOFOLLOW_LINKS);
        Object user = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        return attributes.isOther() && user.equals(Users.effective()) ? attributes.fileKey() : null;
    }

    /// Removes the socket of a process that has ended.
    void remove() {
        try {
            if (key.equals(key(path))) {
                Files.deleteIfExists(path);
            }
        } catch (IOException _) {
            // It is gone already.
        }
    }
}
