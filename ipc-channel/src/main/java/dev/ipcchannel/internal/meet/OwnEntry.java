package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.ExitFiles;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.FileCalls;
import dev.ipcchannel.internal.posix.FileState;
import dev.ipcchannel.internal.posix.Flock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The entry of a member of this process, locked as long as it is open. Any thread may close it.
public final class OwnEntry implements AutoCloseable {

    // The numbers of this JVM's members.
    private static final Set<Long> HERE = ConcurrentHashMap.newKeySet();

    private final NameFolder folder;
    private final Path file;
    private final Descriptor lock;

    OwnEntry(NameFolder folder, Path file, Descriptor lock) {
        this.folder = folder;
        this.file = file;
        this.lock = lock;
    }

    /// Notes that a member belongs to this JVM, or does not any more.
    static void note(long number, boolean isHere) {
        boolean _ = isHere ? HERE.add(number) : HERE.remove(number);
    }

    /// Whether a member belongs to this JVM: process numbers in two containers may be equal.
    public static boolean isHere(long number) {
        return HERE.contains(number);
    }

    /// Makes the exit of this process remove the entry of a member, with its socket's file, and the
    /// folder with the last entry. Called before any of them is made, because files made later
    /// would be left.
    ///
    /// @throws MeetingException if it is too late for that
    static void keep(NameFolder folder, String id) {
        Path file = folder.path().resolve(id);
        if (!ExitFiles.add(folder.path()) || !ExitFiles.add(file, Path.of(file + NameLock.SOCKET),
                folder.path().resolve(NameLock.HIDDEN + id))) {
            throw new MeetingException(MeetingException.Kind.NO_DIRECTORY,
                    "this process is about to end, and opens no names any more");
        }
    }

    /// Undoes this for a member without files: the folder is removed if it is empty.
    static void forget(NameFolder folder, String id) {
        ExitFiles.remove(folder.path().resolve(id));
        if (folder.sweep()) {
            ExitFiles.remove(folder.path());
        }
    }

    private Path socket() {
        return Path.of(file + NameLock.SOCKET);
    }

    /// Whether it is still in its folder; a cleanup may have removed it.
    public boolean isThere() {
        return Flock.isAt(file, lock);
    }

    /// Whether the entry exists together with the socket's file, by which the member is found.
    boolean isWhole() {
        return isThere() && FileState.at(socket()) != null;
    }

    /// Overwrites it with another text of the same length.
    void rewrite(Entry entry) {
        FileCalls.write(lock, entry.toText().getBytes(StandardCharsets.UTF_8));
    }

    /// The files that have to exist for others to find the member.
    List<Path> files() {
        return List.of(file, socket(), folder.path(), folder.directory().path());
    }

    /// Removes it, with its socket's file, and the folder with the last entry. Does not wait.
    @Override
    public void close() {
        NameLock.remove(file);
        NameLock.remove(socket());
        ExitFiles.remove(file);
        lock.close();
        if (folder.sweep()) {
            ExitFiles.remove(folder.path());
        }
    }
}
