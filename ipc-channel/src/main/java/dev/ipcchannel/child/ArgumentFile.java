package dev.ipcchannel.child;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.internal.base.ExitFiles;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.RandomBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/// A file that a child is started with: arguments for `java @file`, or a script for `sh`. Only this
/// user can read it. It is deleted when the child has connected or ended; if the parent was killed,
/// when the next such file is written.
///
/// `java` needs such a file in three cases: a command line too long for the system; a secret, since
/// all users can read a command line; and letters that this JVM's locale lacks. The launcher reads
/// its words from the file byte by byte, in the charset of the child's locale, like those of a
/// command line. The words after the main class are the program's arguments.
///
/// The format is that of the JDK's "java Command-Line Argument Files": words between quotes, with a
/// backslash before a quote or a backslash.
record ArgumentFile(Path path) {

    private static final String PREFIX = "ipc-channel-"; // then the parent's pid
    private static final int PID_PART = 2;
    private static final int NAME_BYTES = 16; // 128 bits
    private static final String SUFFIX = ".args";

    /// The most bytes of a command line that needs no file; well below the limit of any system.
    static final int LONG = 32 * 1024;

    /// The longest word that Linux takes: MAX_ARG_STRLEN, with a zero at its end.
    static final int MAX_WORD = 128 * 1024 - 1;

    /// The bytes of a command line that every system with a stack of 8 MiB takes, whatever its
    /// variables are.
    private static final int MAX_WORDS = 1 << 20;

    private static final Duration RECENT = Duration.ofMinutes(10);

    static boolean isLong(List<byte[]> words) {
        return length(words) > LONG;
    }

    /// Whether the system probably takes these words without a file.
    static boolean canDoWithout(List<byte[]> words) {
        return length(words) <= MAX_WORDS
                && words.stream().allMatch(word -> word.length <= MAX_WORD);
    }

    private static long length(List<byte[]> words) {
        return words.stream().mapToLong(word -> word.length).sum();
    }

    /// A file of arguments for `java`.
    static ArgumentFile of(List<byte[]> words) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] word : words) {
            quote(word, bytes);
            bytes.write('\n');
        }
        return write(bytes.toByteArray());
    }

    private static void quote(byte[] word, ByteArrayOutputStream bytes) {
        bytes.write('"');
        for (byte one : word) {
            switch (one) { // a line break would end the word
                case '\n' -> bytes.writeBytes("\\n".getBytes(StandardCharsets.US_ASCII));
                case '\r' -> bytes.writeBytes("\\r".getBytes(StandardCharsets.US_ASCII));
                case '"', '\\' -> {
                    bytes.write('\\');
                    bytes.write(one);
                }
                default -> bytes.write(one);
            }
        }
        bytes.write('"');
    }

    /// A file with these bytes.
    static ArgumentFile write(byte[] bytes) throws IOException {
        if (new String(bytes, StandardCharsets.ISO_8859_1).indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a word has a zero in it"); // it would end there
        }
        ArgumentFile file = new ArgumentFile(newPath());
        boolean isThere = false;
        boolean isWritten = false;
        try {
            file.removeAtExit(); // before it exists: an exit in between would leave it
            Files.createFile(file.path, PosixFilePermissions
                    .asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            isThere = true;
            file.removeAtExit(); // again: the exit may have removed it in between
            Files.write(file.path, bytes);
            sweep(file.path);
            isWritten = true;
            return file;
        } finally {
            if (!isThere) {
                ExitFiles.remove(file.path);
            } else if (!isWritten) {
                file.delete();
            }
        }
    }

    /// A name that no other file has and that cannot be guessed.
    private static Path newPath() throws IOException {
        String name = PREFIX + ProcessHandle.current().pid() + "-"
                + HexFormat.of().formatHex(RandomBytes.next(NAME_BYTES)) + SUFFIX;
        try {
            return Path.of(System.getProperty("java.io.tmpdir"), name).toAbsolutePath();
        } catch (InvalidPathException failure) {
            throw new IOException("the locale has no such path: set LC_ALL=C.UTF-8", failure);
        }
    }

    private void removeAtExit() {
        if (!ExitFiles.add(path)) {
            throw new ChildFailed("the child cannot be started, since this JVM goes down");
        }
    }

    /// Deletes the files of parents that were killed. A parent in a container with the same folder
    /// has another /proc and only looks killed; so a file that is young, which its child may still
    /// have to read, is not deleted.
    ///
    /// @param own the file just written, for the time by the folder's clock
    private static void sweep(Path own) {
        Path folder = own.resolveSibling("");
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(folder, PREFIX + "*-*" + SUFFIX)) {
            for (Path file : files) {
                String owner = file.getFileName().toString().split("-", -1)[PID_PART];
                // Only the existence is checked: a read of the process's files in /proc may hang.
                if (!Files.exists(Path.of("/proc", owner)) && isOlder(file, own)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | DirectoryIteratorException | NumberFormatException failure) {
            Log.debug("old argument files could not be looked for", failure);
        }
    }

    private static boolean isOlder(Path file, Path own) throws IOException {
        return Files.getLastModifiedTime(own).toMillis()
                - Files.getLastModifiedTime(file).toMillis() > RECENT.toMillis();
    }

    void delete() {
        try {
            Files.deleteIfExists(path);
            ExitFiles.remove(path);
        } catch (IOException _) {
            // It is in the temporary directory, which the system cleans as well.
        }
    }
}
