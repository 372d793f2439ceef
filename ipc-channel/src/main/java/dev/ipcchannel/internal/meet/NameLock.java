package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Flock;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.RandomBytes;
import dev.ipcchannel.internal.posix.Users;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The lock of a name, held: from before a newcomer's entry appears until it has read the others',
/// so that of two newcomers one sees the other. Nothing else is done meanwhile. Used by one thread.
public final class NameLock implements AutoCloseable {

    static final String SOCKET = ".s";
    private static final String HIDDEN = ".";
    private static final int ID_BYTES = 8;
    private static final int HEXADECIMAL = 16;
    private static final int MAX_TEXT = 1 << 20;

    private final NameFolder folder;
    private final Descriptor lock;

    NameLock(NameFolder folder, Descriptor lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /// An id for a newcomer, which no other member has.
    public static String newId() {
        return HexFormat.of().formatHex(RandomBytes.next(ID_BYTES));
    }

    /// Where the member of that id listens.
    public Path socket(String id) {
        return folder.path().resolve(id + SOCKET);
    }

    /// Whether the folder that is locked is the name's still: where something has removed it,
    /// another process may have made and locked the next one.
    boolean isInPlace() {
        return Flock.isAt(folder.path(), lock);
    }

    /// Registers a member: its entry appears whole, and is there until it is closed or this process
    /// ends. Comes after its socket listens.
    ///
    /// @throws MeetingException if the entry cannot be written or locked
    public OwnEntry register(String id, Entry entry) {
        Path hidden = folder.path().resolve(HIDDEN + id);
        Descriptor file = null;
        boolean isThere = false;
        try {
            file = Flock.createLocked(hidden.toString());
            if (file == null) {
                throw folder.directory().refused("an entry in it cannot be locked: " + hidden);
            }
            Path _ = Files.writeString(hidden, entry.toText());
            Path visible = Files.move(hidden, folder.path().resolve(id),
                    StandardCopyOption.ATOMIC_MOVE);
            OwnEntry own = new OwnEntry(folder, visible, file);
            isThere = own.isKept();
            if (!isThere) {
                throw new MeetingException(MeetingException.Kind.NO_DIRECTORY,
                        "this process is about to end, and opens no names any more");
            }
            return own;
        } catch (IOException | PosixException failure) {
            throw folder.directory().refused("an entry cannot be written in it: "
                    + failure.getMessage());
        } finally {
            if (!isThere && file != null) {
                remove(hidden);
                file.close();
            }
        }
    }

    /// The members that live. What dead ones have left is removed.
    public List<Found> scan() {
        List<Found> found = new ArrayList<>();
        Set<String> sockets = new HashSet<>();
        for (Path file : files(folder)) {
            String id = String.valueOf(file.getFileName());
            if (id.endsWith(SOCKET)) {
                sockets.add(id);
            } else if (!isDead(file, true) && isId(id)) {
                addIfThere(found, id, file);
            }
        }
        found.forEach(member -> sockets.remove(member.id() + SOCKET));
        sockets.forEach(socket -> remove(folder.path().resolve(socket)));
        return found;
    }

    /// The members that live, as somebody sees them who has not locked the name and removes
    /// nothing.
    static List<Found> look(NameFolder folder) {
        List<Found> found = new ArrayList<>();
        for (Path file : files(folder)) {
            String id = String.valueOf(file.getFileName());
            if (isId(id) && !isDead(file, false)) {
                addIfThere(found, id, file);
            }
        }
        return found;
    }

    /// A member that lives.
    ///
    /// @param id the name of its entry's file
    /// @param entry what it says of itself; null if another version has written that
    /// @param since when it was written
    public record Found(String id, @Nullable Entry entry, FileTime since) {

        /// The number of the member.
        long number() {
            return Long.parseUnsignedLong(id, HEXADECIMAL);
        }
    }

    private static List<Path> files(NameFolder folder) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder.path())) {
            all.forEach(files::add);
        } catch (NoSuchFileException _) {
            // It has gone meanwhile, with all that was in it.
        } catch (IOException | DirectoryIteratorException failure) {
            throw folder.directory().refused("a folder in it cannot be read: "
                    + failure.getMessage());
        }
        return files;
    }

    /// Whether a file's name is a member's number. Others are no entries.
    private static boolean isId(String name) {
        return name.length() == 2 * ID_BYTES && name.chars().allMatch(HexFormat::isHexDigit);
    }

    private static MeetingException notLookedAt(Path file, PosixException failure) {
        return new MeetingException(MeetingException.Kind.EXHAUSTED,
                "the members of a name cannot be looked at: %s: %s: close what is not needed, or"
                        .formatted(file.getParent(), failure.getMessage())
                        + " raise the limit (ulimit -n)");
    }

    /// Whether no process has an entry locked.
    ///
    /// @param isSwept whether to remove it then
    static boolean isDead(Path file, boolean isSwept) {
        try (Descriptor dead = Flock.openLocked(file.toString())) {
            if (dead == null) {
                return !Files.exists(file, LinkOption.NOFOLLOW_LINKS);
            }
            if (isSwept && Flock.isAt(file, dead)) {
                remove(file);
            }
            return true;
        } catch (PosixException failure) {
            if (failure.isExhaustion()) { // whether its member lives is not known
                throw notLookedAt(file, failure);
            }
            Log.debug("a file in the folder of a name cannot be looked at", failure); // no entry
            return true;
        }
    }

    /// Takes an entry of this user's: whoever else has put one there is not believed.
    private static void addIfThere(List<Found> found, String id, Path file) {
        Found read = read(id, file);
        if (read != null) {
            boolean _ = found.add(read);
        }
    }

    /// Reads an entry, be its member alive or not; null if there is none.
    static @Nullable Found read(NameFolder folder, String id) {
        return read(id, folder.path().resolve(id));
    }

    private static @Nullable Found read(String id, Path file) {
        try {
            BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class,
                    LinkOption.NOFOLLOW_LINKS);
            if (!Users.isOwn(file)) {
                Log.warning("an entry of another user in the directory of names is passed over",
                        "path=" + file);
                return null;
            }
            return new Found(id, seen.size() > MAX_TEXT ? null
                    : Entry.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)),
                    seen.lastModifiedTime());
        } catch (NoSuchFileException _) {
            // Its member has gone meanwhile.
        } catch (IOException failure) {
            Log.debug("an entry of a name could not be read", failure);
        }
        return null;
    }

    static void remove(Path file) {
        try {
            boolean _ = Files.deleteIfExists(file);
        } catch (IOException failure) { // the next that looks sweeps it
            Log.debug("a file of a name could not be removed", failure);
        }
    }

    /// Removes the folder if no member lives.
    void removeIfEmpty() {
        if (scan().isEmpty()) {
            remove(folder.path());
        }
    }

    @Override
    public void close() {
        lock.close();
    }
}
