package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.ExitFiles;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.FileNames;
import dev.ipcchannel.internal.posix.Flock;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.RandomBytes;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.posix.Users;
import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The directory of one server's socket: accessible to its user only, with an unguessable name, and
/// locked while in use.
///
/// The lock is `flock` on the directory itself and ends with the process, so the next server can
/// find a killed process's leftovers and remove them. When this JVM exits in order, the directory
/// is removed after all shutdown hooks, because the work that they wait for may still need it.
public final class ServerDirectory implements AutoCloseable {

    static final String PREFIX = "ipc-channel-";
    private static final String SOCKET = "server";
    private static final int NAME_BYTES = 16; // 128 bits
    private static final int ATTEMPTS = 16; // a sweeper can only win a race of microseconds

    private final Path directory;
    private volatile Descriptor lock; // replaced when the directory is made again
    private volatile boolean isClosed;

    private ServerDirectory(Path directory, Descriptor lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /// Makes a directory under `$XDG_RUNTIME_DIR` or, if that cannot be used, under the temporary
    /// directory.
    public static ServerDirectory create() {
        return create(
                bases(System.getenv("XDG_RUNTIME_DIR"), System.getProperty("java.io.tmpdir")));
    }

    /// Makes a directory under the first of `bases` in which that is possible.
    static ServerDirectory create(List<Base> bases) {
        List<String> refusals = new ArrayList<>();
        for (Base base : bases) {
            try {
                Path path = path(base);
                checkUsable(path, base.isPrivate());
                sweep(path);
                return createIn(path);
            } catch (IOException failure) {
                refusals.add("%s (%s)".formatted(base.path(), reason(base.path(), failure)));
                Log.debug("no server's directory can be made in a folder", failure);
            }
        }
        throw new RendezvousException(RendezvousException.Kind.NO_DIRECTORY,
                "no directory for a server's socket: tried "
                        + String.join(", ", refusals)
                        + ": set XDG_RUNTIME_DIR to a directory of yours with mode 0700");
    }

    /// The folders to try, in order.
    static List<Base> bases(@Nullable String runtimeDirectory, String temporaryDirectory) {
        Base temporary = new Base(temporaryDirectory, false);
        return runtimeDirectory == null || !runtimeDirectory.startsWith(File.separator)
                ? List.of(temporary)
                : List.of(new Base(runtimeDirectory, true), temporary);
    }

    /// A folder in which servers' directories may be made.
    ///
    /// @param isPrivate whether it has to be accessible to this user only, as a runtime directory
    /// is
    record Base(String path, boolean isPrivate) {}

    private static Path path(Base base) throws IOException {
        try {
            return Path.of(base.path()).toAbsolutePath();
        } catch (InvalidPathException failure) {
            throw new IOException("the locale has no such path: set LC_ALL=C.UTF-8", failure);
        }
    }

    private static void checkUsable(Path base, boolean isPrivate) throws IOException {
        if (!Files.exists(base)) {
            throw new NoSuchFileException(base.toString());
        }
        if (isPrivate && !Users.ownAlone(base)) {
            throw new IOException("not a directory of this user's alone, mode 0700");
        }
        String longest =
                base.resolve(PREFIX + "0".repeat(2 * NAME_BYTES)).resolve(SOCKET).toString();
        int length = FileNames.bytes(longest).length;
        if (length > Sockets.MAX_PATH) {
            throw new IOException("a socket's path there would have %d bytes, limit %d"
                    .formatted(length, Sockets.MAX_PATH));
        }
    }

    private static String reason(String base, IOException failure) {
        return switch (failure) {
            case AccessDeniedException _ -> "no right to write there";
            case NoSuchFileException _ when Files.exists(Path.of(base)) ->
                    "no directory can be made there"; // in /proc, for instance
            case NoSuchFileException _ -> "does not exist";
            default -> String.valueOf(failure.getMessage());
        };
    }

    /// Whether `name` has the form of a [#socketPath].
    static boolean isServerName(String name) {
        int digits = name.length() - 1 - SOCKET.length() - 2 * NAME_BYTES;
        int start = digits - PREFIX.length();
        return start > 0 && name.startsWith("/") && name.startsWith("/" + PREFIX, start - 1)
                && name.endsWith("/" + SOCKET) && name.indexOf('\n') < 0
                && isHexadecimal(name, digits, 2 * NAME_BYTES);
    }

    /// Without a pattern, which would take a millisecond of each child's start.
    private static boolean isHexadecimal(String text, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if ("0123456789abcdef".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /// Whether the directory of the server called `name` belongs to this process's user alone. A
    /// directory that is gone passes: the connect will fail.
    static boolean isTrustworthy(String name) {
        Path parent = Path.of(name).getParent();
        // In this order: it may be removed at any moment, and a foreign directory does not become
        // this user's.
        return parent == null || Users.ownAlone(parent)
                || !Files.exists(parent, LinkOption.NOFOLLOW_LINKS);
    }

    /// Its own path.
    public String path() {
        return directory.toString();
    }

    /// The path of the socket, which is the server's name.
    public String socketPath() {
        return directory.resolve(SOCKET).toString();
    }

    private static ServerDirectory createIn(Path base) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ServerDirectory made = makeKept(base.resolve(randomName()));
            if (made != null) {
                return made;
            }
        }
        throw new IOException("directories vanish as soon as they are made");
    }

    /// Makes a directory that the exit of this JVM removes. It is registered for removal before it
    /// is made, because an exit in between would leave it. And it is registered once more
    /// afterwards, because the exit may have done its removals before the directory was made.
    ///
    /// @return null if a sweeper was faster: then it is gone again
    private static @Nullable ServerDirectory makeKept(Path directory) throws IOException {
        ServerDirectory kept = null;
        try {
            removeAtExit(directory);
            ServerDirectory made = makeLocked(directory);
            if (made != null) {
                made.checkRemovalAtExit();
            }
            kept = made;
            return kept;
        } finally {
            if (kept == null) {
                ExitFiles.remove(directory);
            }
        }
    }

    private void checkRemovalAtExit() {
        boolean isKept = false;
        try {
            removeAtExit(directory);
            isKept = true;
        } finally {
            if (!isKept) {
                close();
            }
        }
    }

    private static void removeAtExit(Path directory) {
        if (!ExitFiles.add(directory, directory.resolve(SOCKET))) {
            throw new RendezvousException(RendezvousException.Kind.NO_DIRECTORY,
                    "no directory for a server's socket can be made, since this JVM goes down");
        }
    }

    /// @return null if a sweeper was faster: then it is gone again
    private static @Nullable ServerDirectory makeLocked(Path directory) throws IOException {
        make(directory);
        ServerDirectory made = null;
        try {
            made = locked(directory);
            return made;
        } finally {
            if (made == null) { // a sweeper has it, or there is no descriptor for it
                Files.deleteIfExists(directory);
            }
        }
    }

    private static void make(Path directory) throws IOException {
        Path _ = Files.createDirectory(directory, PosixFilePermissions
                .asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /// Makes the folder again if it was removed, without its socket. Called by one thread at a
    /// time, and not at the same time as [#close], after which it is not made again.
    ///
    /// @return whether it exists, until this JVM's shutdown hooks have ended
    boolean restore() {
        if (isClosed) {
            return false;
        }
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        try {
            ServerDirectory made = makeKept(directory);
            if (made == null) {
                return false;
            }
            lock.close(); // of the removed directory
            lock = made.lock;
            return true;
        } catch (IOException | PosixException | RendezvousException failure) {
            Log.debug("a directory that was removed could not be made again", failure);
            return false;
        }
    }

    /// The directory with its lock, unless another process has the lock.
    private static @Nullable ServerDirectory locked(Path directory) {
        Descriptor lock = lock(directory);
        ServerDirectory locked = null;
        try {
            locked = lock == null ? null : new ServerDirectory(directory, lock);
            return locked;
        } finally {
            if (lock != null && locked == null) {
                lock.close();
            }
        }
    }

    /// Removes the leftovers of killed processes: servers' directories of this user that are not
    /// locked.
    private static void sweep(Path base) {
        try (DirectoryStream<Path> candidates = Files.newDirectoryStream(base, PREFIX + "*")) {
            for (Path candidate : candidates) {
                if (isServerName(candidate.resolve(SOCKET).toString())
                        && Users.ownAlone(candidate)) {
                    boolean _ = sweepIfDead(candidate);
                }
            }
        } catch (IOException | DirectoryIteratorException failure) {
            // Whether a directory can be made there shows at once.
            Log.debug("stale directories could not be looked for", failure);
        }
    }

    /// Removes a directory that is not locked.
    ///
    /// @return whether it is gone
    static boolean sweepIfDead(Path candidate) {
        try {
            ServerDirectory stale = locked(candidate);
            if (stale != null) {
                Log.debug("sweeping away what a killed process left", candidate);
                stale.close();
            }
        } catch (PosixException failure) { // it is left, and does not prevent another server
            Log.debug("a stale directory could not be locked", failure);
        }
        return Files.notExists(candidate, LinkOption.NOFOLLOW_LINKS);
    }

    /// Locks a directory, unless it is locked already, or was removed before the lock.
    private static @Nullable Descriptor lock(Path directory) {
        Descriptor lock = Flock.openLocked(directory.toString());
        if (lock == null) {
            return null;
        }
        boolean isHere = false;
        try {
            isHere = Flock.isAt(directory, lock); // a sweeper may have been faster
        } finally {
            if (!isHere) {
                lock.close();
            }
        }
        return isHere ? lock : null;
    }

    private static String randomName() {
        return PREFIX + HexFormat.of().formatHex(RandomBytes.next(NAME_BYTES));
    }

    /// Removes the socket and the directory. Files that cannot be removed are left to the next
    /// sweep.
    @Override
    public void close() {
        isClosed = true;
        ExitFiles.remove(directory);
        try {
            Files.deleteIfExists(directory.resolve(SOCKET));
            Files.deleteIfExists(directory);
        } catch (IOException failure) {
            Log.debug("a server's directory could not be removed", failure);
        } finally {
            lock.close(); // last: until then no other process sweeps here
        }
    }
}
