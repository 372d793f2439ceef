package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.FileCalls;
import dev.ipcchannel.internal.posix.FileState;
import dev.ipcchannel.internal.posix.Flock;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.RandomBytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// The held lock of a name. A newcomer holds it from before its entry appears until it has read the
/// other entries, so that of two newcomers at least one sees the other. A list of the members, and
/// the removal of dead members' files, hold it for moments as well; no connection is made
/// meanwhile. Used by one thread.
public final class NameLock implements AutoCloseable {

    static final String SOCKET = ".s";
    static final String HIDDEN = ".";

    private final NameFolder folder;
    private final Descriptor lock;

    NameLock(NameFolder folder, Descriptor lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /// An id for a newcomer, which no other member has.
    public static String newId() {
        return HexFormat.of().formatHex(RandomBytes.next(Found.ID_BYTES));
    }

    /// Whether the locked folder is still the name's: if it was removed, another process may have
    /// made and locked a new one.
    boolean isInPlace() {
        return Flock.isAt(folder.path(), lock);
    }

    /// Registers a member: its entry appears whole, and exists until it is closed or this process
    /// ends. Called once its socket listens.
    ///
    /// @throws MeetingException if the entry cannot be written or locked
    public OwnEntry register(String id, Entry entry) {
        Path hidden = folder.path().resolve(HIDDEN + id);
        Descriptor file = created(hidden);
        boolean isThere = false;
        try {
            FileCalls.write(file, entry.toText().getBytes(StandardCharsets.UTF_8));
            Path visible = folder.path().resolve(id);
            FileCalls.rename(hidden, visible);
            OwnEntry own = new OwnEntry(folder, visible, file);
            OwnEntry.keep(folder, id); // another member's end may have undone the first keep
            isThere = true;
            return own;
        } catch (PosixException failure) {
            throw folder.directory().failed("an entry cannot be written in it", failure);
        } finally {
            if (!isThere) {
                remove(hidden);
                remove(folder.path().resolve(id));
                file.close();
            }
        }
    }

    private Descriptor created(Path hidden) {
        try {
            Descriptor file = Flock.createLocked(hidden.toString());
            if (file == null) {
                throw folder.directory().refused("an entry in it cannot be locked: " + hidden);
            }
            return file;
        } catch (PosixException failure) {
            throw failure.isRefusal() ? folder.directory().refused("locks", failure)
                    : folder.directory().failed("an entry cannot be made in it", failure);
        }
    }

    /// The living members of the name. Removes the files of dead ones, and nothing else: in a
    /// directory that a user chose there may be anything.
    public List<Found> scan() {
        List<Found> found = new ArrayList<>();
        Set<String> sockets = new HashSet<>();
        for (String id : names(folder, lock)) {
            if (isSocket(id)) {
                sockets.add(id);
                continue;
            }
            Found there = isEntry(id) ? find(folder, id, true) : null;
            if (there != null) {
                found.add(there);
            }
        }
        found.forEach(member -> sockets.remove(member.id() + SOCKET));
        sockets.forEach(socket -> removeSocket(folder.path().resolve(socket)));
        // Two names may have the same digest, and then share the folder: members meet those of
        // their name.
        found.removeIf(one -> !folder.isHomeOf(one.entry()));
        return found;
    }

    private static boolean isSocket(String file) {
        return file.endsWith(SOCKET)
                && Found.isId(file.substring(0, file.length() - SOCKET.length()));
    }

    private static boolean isEntry(String file) {
        return Found.isId(file.startsWith(HIDDEN) ? file.substring(HIDDEN.length()) : file);
    }

    /// Removes the files of dead members of the name.
    ///
    /// @return the number of these members
    int sweepDead() {
        long before = entries();
        List<Found> _ = scan();
        return (int) (before - entries());
    }

    private long entries() {
        return names(folder, lock).stream().filter(Found::isId).count();
    }

    /// The result of a look at a part of a name's members.
    ///
    /// @param found the living ones, of those that were looked at
    /// @param left the number of those that were not looked at
    record Look(List<Found> found, int left) {}

    /// Looks at entries with a wanted number, and at no more than `most` of these.
    static Look look(NameFolder folder, LongPredicate isWanted, int most) {
        List<Found> found = new ArrayList<>();
        int wanted = 0;
        try (Descriptor open = Flock.open(folder.path().toString())) {
            for (String id : open == null ? List.<String>of() : names(folder, open)) {
                if (!Found.isId(id) || !isWanted.test(Found.number(id))) {
                    continue;
                }
                wanted++;
                Found there = wanted > most ? null : find(folder, id, false);
                if (there != null && folder.isHomeOf(there.entry())) {
                    found.add(there);
                }
            }
        } catch (PosixException failure) {
            throw notRead(folder, failure);
        }
        return new Look(found, Math.max(0, wanted - most));
    }

    private static List<String> names(NameFolder folder, Descriptor open) {
        try {
            return FileCalls.names(open);
        } catch (PosixException failure) {
            throw notRead(folder, failure);
        }
    }

    private static MeetingException notRead(NameFolder folder, PosixException failure) {
        return folder.directory().failed("a folder in it cannot be read", failure);
    }

    /// Looks at a file in the folder of a name whose own name is an entry's.
    ///
    /// @param isSwept whether to remove it if it is a dead member's
    /// @return null if it is not an entry of a living member
    private static @Nullable Found find(NameFolder folder, String id, boolean isSwept) {
        Path file = folder.path().resolve(id);
        try (Descriptor open = Flock.open(file.toString())) {
            FileState state = open == null ? null : FileState.of(open);
            if (open == null || state == null || !state.isRegular()) {
                return null;
            }
            if (Flock.isOwned(open, file.toString())) {
                return Found.isId(id) ? Found.read(file, open, state) : null;
            }
            if (isSwept && Found.isLeft(id, open, state) && Flock.isAt(file, open)) {
                remove(file);
            }
        } catch (PosixException failure) {
            if (failure.isExhaustion()) { // whether its member lives is not known
                throw folder.directory().failed("the members of a name cannot be looked at",
                        failure);
            }
            // Not an entry.
            Log.debug("a file in the folder of a name cannot be looked at", failure);
        }
        return null;
    }

    private static void removeSocket(Path file) {
        try {
            FileState state = FileState.at(file);
            if (state != null && state.isOwnSocket()) {
                FileCalls.remove(file);
            }
        } catch (PosixException failure) { // the next look removes it
            Log.debug("a socket of a name could not be removed", failure);
        }
    }

    static void remove(Path file) {
        try {
            FileCalls.remove(file);
        } catch (PosixException failure) { // the next look removes it
            Log.debug("a file of a name could not be removed", failure);
        }
    }

    /// Removes the folder if no member lives. Files of dead members beside a living one are left to
    /// later sweeps.
    ///
    /// @return whether it is gone; if not, there was something in it
    /// @throws MeetingException if it cannot be removed
    boolean removeIfEmpty() {
        return isRemoved() || (!isAnyLocked() && scan().isEmpty() && isRemoved());
    }

    private boolean isRemoved() {
        try {
            return FileCalls.removeFolder(folder.path());
        } catch (PosixException failure) {
            throw folder.directory().failed("a folder in it cannot be removed", failure);
        }
    }

    private boolean isAnyLocked() {
        for (String id : names(folder, lock)) {
            if (Found.isId(id) && Found.isLocked(folder.path().resolve(id))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        lock.close();
    }
}
