package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.Backoff;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.FileCalls;
import dev.ipcchannel.internal.posix.FileState;
import dev.ipcchannel.internal.posix.Flock;
import dev.ipcchannel.internal.posix.PosixException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The folder of one name in the directory. It exists while a process has the name open, and has an
/// entry for each member and the sockets on which members listen.
///
/// Its name is a digest of the channel's name, because a socket's path has 107 bytes at most; the
/// name itself is in the entries. Any process of the user may remove the files of dead members.
///
/// ```text
///     channel-<16 digits>/     locked while a newcomer registers and reads, and by a sweep
///         <16 digits>          a member's entry, locked as long as its process lives
///         <16 digits>.s        its socket
///         .<16 digits>         an entry that is being written
/// ```
///
/// The folder is its own lock. So a folder without members is empty, and is removed with the last
/// member, also by the exit of a process.
public final class NameFolder {

    /// The time that an opener waits for the name, and then for the members that it has found.
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final int DIGEST_BYTES = 8;

    /// The most bytes of a socket's path after the directory's: `/broadcast-<16 digits>/<16
    /// digits>.s`.
    static final int MAX_SOCKET_LENGTH = "/broadcast-".length() + 2 * DIGEST_BYTES
            + "/0123456789abcdef".length() + NameLock.SOCKET.length();

    private static final long FIRST_PAUSE_NANOS = 20_000; // most locks are held for less than 1 ms
    private static final long LONGEST_PAUSE_NANOS = 1_000_000;

    private final RuntimeDirectory directory;
    private final NameKind kind;
    private final String name;
    private final Path path;

    private NameFolder(RuntimeDirectory directory, NameKind kind, String name, Path path) {
        this.directory = directory;
        this.kind = kind;
        this.name = name;
        this.path = path;
    }

    /// The folder of a name; it need not exist.
    public static NameFolder of(RuntimeDirectory directory, NameKind kind, String name) {
        return new NameFolder(directory, kind, name,
                directory.path().resolve(kind.word() + "-" + digest(name)));
    }

    private static String digest(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException impossible) { // every Java platform has it
            throw new AssertionError(impossible);
        }
    }

    /// A folder that was found in the directory; its name is in the entries.
    static NameFolder found(RuntimeDirectory directory, NameKind kind, Path path) {
        return new NameFolder(directory, kind, "", path);
    }

    public NameKind kind() {
        return kind;
    }

    public String name() {
        return name;
    }

    Path path() {
        return path;
    }

    RuntimeDirectory directory() {
        return directory;
    }

    /// Locks the name for a newcomer, which makes the folder. A process holds the lock for moments,
    /// unless it is stopped. While members come and go, different processes hold it, and the wait
    /// starts again.
    ///
    /// @throws MeetingException if another process holds it up to the deadline, or the folder
    /// cannot be made or locked
    /// @throws InterruptedException if the thread is interrupted while it waits
    public NameLock lock(Deadline deadline) throws InterruptedException {
        Deadline until = deadline;
        FileTime seen = null;
        Backoff pauses = new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
        while (true) {
            NameLock lock = tryLock(true);
            if (lock != null) {
                return lock;
            }
            seen = seen == null ? lastChange() : seen;
            if (until.isPast()) {
                FileTime change = lastChange();
                if (change.equals(seen)) {
                    throw held();
                }
                seen = change;
                until = Deadline.after(PATIENCE);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            pauses.pause();
        }
    }

    private MeetingException held() {
        long pid = Flock.holder(path);
        return new MeetingException(MeetingException.Kind.HELD,
                "another process holds the %s's name and does not go on: name=%s%s, directory=%s:"
                        .formatted(kind.word(), name, pid == 0 ? "" : ", pid=" + pid,
                                directory.path())
                        + " end it, or let it go on");
    }

    private FileTime lastChange() {
        FileState state = FileState.at(path); // a removed folder is made again with the lock
        return state == null ? FileTime.fromMillis(0) : state.modified();
    }

    /// The path of a member's socket.
    Path socket(String id) {
        return path.resolve(id + NameLock.SOCKET);
    }

    /// Whether a member whose entry was found is alive.
    boolean isAlive(long number) {
        return Found.isLocked(path.resolve(Found.id(number)));
    }

    /// Whether an entry in this folder belongs to this name, and not to another name with the same
    /// digest. An entry of another version may.
    boolean isHomeOf(@Nullable Entry entry) {
        return entry == null || (entry.kind() == kind && (name.isEmpty()
                ? of(directory, kind, entry.name()).path.equals(path)
                : entry.name().equals(name)));
    }

    /// The entry of the member of that number; null if it is gone, or if another version has
    /// written it.
    @Nullable
    Entry entry(long number) {
        Found found = Found.read(path.resolve(Found.id(number)));
        return found == null ? null : found.entry();
    }

    /// The living members, for people: does not wait for the name. Removes the files of dead ones.
    List<Found> members() {
        NameLock lock = tryLock(false);
        if (lock == null) {
            return NameLock.look(this, _ -> true, Integer.MAX_VALUE).found();
        }
        List<Found> found;
        try (lock) {
            found = lock.scan();
            if (found.isEmpty()) {
                boolean _ = lock.removeIfEmpty();
            }
        }
        if (!found.isEmpty() && isEmpty()) {
            boolean _ = sweep(); // for members that have closed meanwhile
        }
        return found;
    }

    /// The outcome of clearing a name: what was removed, and what is left.
    ///
    /// @param swept the number of removed entries of dead members
    /// @param living the entries of the others; null for an entry of another version
    public record Cleared(int swept, List<@Nullable Entry> living) {}

    /// Removes the files of dead members, and nothing else.
    ///
    /// @throws MeetingException if another process has the name locked, or it cannot be read
    public Cleared clear() throws InterruptedException {
        if (FileState.at(path) == null) {
            return new Cleared(0, List.of());
        }
        int swept;
        try (NameLock held = lock(Deadline.after(PATIENCE))) {
            swept = held.sweepDead();
        }
        List<@Nullable Entry> living = new ArrayList<>();
        // And without members, the folder is removed.
        members().forEach(found -> living.add(found.entry()));
        return new Cleared(swept, living);
    }

    /// Removes the folder if it has no file of a living process, and no other process has its lock.
    /// It looks again after it has released the lock, because members that closed meanwhile found
    /// the folder locked.
    ///
    /// @return whether it is gone, as far as is known
    boolean sweep() {
        try {
            NameLock lock = tryLock(false);
            if (lock == null) {
                return FileState.at(path) == null;
            }
            boolean isGone;
            try (lock) {
                isGone = lock.removeIfEmpty();
            }
            return isGone || (isEmpty() && sweep());
        } catch (MeetingException failure) { // left to the next sweep
            Log.debug("a name's folder could not be removed", failure);
            return false;
        }
    }

    private boolean isEmpty() {
        try (Descriptor open = Flock.open(path.toString())) {
            return open != null && FileCalls.names(open).isEmpty();
        } catch (PosixException failure) { // left to the next sweep
            Log.debug("a name's folder could not be looked at", failure);
            return false;
        }
    }

    /// Locks the folder. After any failure, even a full heap, the lock is released, because nothing
    /// else could release it.
    ///
    /// @return null if another process has the lock, or the folder was removed meanwhile
    private @Nullable NameLock tryLock() {
        Descriptor open = Flock.openLocked(path.toString());
        NameLock lock = null;
        try {
            if (open != null && Flock.isAt(path, open)) { // else it was removed meanwhile
                lock = new NameLock(this, open);
            }
            return lock;
        } finally {
            if (open != null && lock == null) {
                open.close();
            }
        }
    }

    /// @return null if another process has the lock, or the folder was removed meanwhile
    private @Nullable NameLock tryLock(boolean isMade) {
        try {
            NameLock lock = tryLock();
            if (lock == null && isMade && isMade()) {
                lock = tryLock();
            }
            if (lock != null) {
                return lock;
            }
            if (Files.isSymbolicLink(path)) {
                throw directory.refused("a link is where the folder of a name is to be: path="
                        + path);
            }
            return null;
        } catch (PosixException failure) {
            throw failure.isRefusal() ? directory.refused("locks", failure)
                    : directory.failed("a folder in it cannot be locked", failure);
        }
    }

    /// @return false if it exists, which is the usual case
    private boolean isMade() {
        try {
            return FileCalls.makeFolder(path);
        } catch (PosixException failure) {
            if (failure.isAbsence()) { // the directory was removed
                directory.makeAgain();
                return false;
            }
            throw directory.failed("a folder cannot be made in it", failure);
        }
    }
}
