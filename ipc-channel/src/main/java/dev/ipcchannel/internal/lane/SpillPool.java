package dev.ipcchannel.internal.lane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The spill files that the writer of a lane has mapped: those in use, until the reader's position
/// has passed the record that used them, and idle ones.
///
/// Used by one thread at a time, as its lane is.
final class SpillPool {

    private static final int NOT_NEW = -1;

    // With room for all there may be: a message that has gone finds it.
    private final ArrayDeque<SpillFile> uses = new ArrayDeque<>(SpillLayout.MAX_FILES); // by records
    private final ArrayList<SpillFile> idle = new ArrayList<>(SpillLayout.MAX_FILES + 1); // by use
    private long bytesInUse;
    private long idleBytes;
    private long lastId;
    private int sent; // files, ever
    private long released; // the reader's position as last told

    /// The reader has passed `position`: what was used up to there is idle again.
    ///
    /// @param filesLetGo those that the reader has not kept, a bit for each number: they are of no use
    void release(long position, long filesLetGo) {
        released = position;
        while (!uses.isEmpty() && position - uses.getFirst().end() >= 0) {
            SpillFile file = uses.removeFirst();
            bytesInUse -= file.capacity();
            if (isLetGo(file, filesLetGo)) {
                file.close();
            } else {
                addIdle(file);
            }
        }
    }

    private static boolean isLetGo(SpillFile file, long filesLetGo) {
        return file.number() != NOT_NEW && (filesLetGo >>> file.number() & 1) != 0;
    }

    /// Whether a message of this length may be sent now.
    boolean hasRoom(int length) {
        return hasRoom(length, bytesInUse, uses.size());
    }

    private static boolean hasRoom(int length, long bytes, int files) {
        return files < SpillLayout.MAX_FILES
                && SpillLayout.mayUse(SpillLayout.capacityFor(length), bytes);
    }

    /// The reader's position at which a message of this length may be sent.
    long positionWithRoom(int length) {
        long bytes = bytesInUse;
        int files = uses.size();
        long position = released;
        for (SpillFile use : uses) {
            if (hasRoom(length, bytes, files)) {
                break;
            }
            bytes -= use.capacity();
            files--;
            position = use.end();
        }
        return position;
    }

    /// An idle file for a message of this length; it counts as idle until [#use].
    @Nullable
    SpillFile find(int length) {
        long capacity = SpillLayout.capacityFor(length);
        for (int i = idle.size() - 1; i >= 0; i--) { // used last: it may be in a cache yet
            if (idle.get(i).capacity() == capacity) {
                return idle.get(i);
            }
        }
        return null;
    }

    /// A new file for a message of this length; it counts as idle until [#use].
    ///
    /// @throws dev.ipcchannel.internal.posix.PosixException if there is no memory for it
    SpillFile create(int length) {
        SpillFile file = SpillFile.create(lastId + 1, SpillLayout.capacityFor(length));
        lastId++;
        addIdle(file);
        return file;
    }

    /// The file holds a message whose record ends at `end`.
    ///
    /// @param isNew whether that record has brought it to the reader
    void use(SpillFile file, long end, boolean isNew) {
        removeIdle(file);
        file.use(end, isNew ? sent++ % SpillLayout.MAX_FILES : NOT_NEW);
        uses.addLast(file);
        bytesInUse += file.capacity();
    }

    /// How many bytes all files have.
    long bytes() {
        return bytesInUse + idleBytes;
    }

    /// How many files no reader has got: those that were not sent, which none in use is.
    int unsent() {
        int count = 0;
        for (SpillFile file : idle) {
            count += file.isSent() ? 0 : 1;
        }
        return count;
    }

    /// Whether there may be idle files beyond the bound: a cheap look, for every message.
    boolean mayHaveExcess() {
        return bytes() > SpillLayout.MAX_IDLE;
    }

    /// Takes out what is idle beyond the bounds: the largest files, since few of them are most of
    /// the bytes, then those not used for the longest time. The caller closes them.
    ///
    /// @param next an idle file that is about to be used and so does not wait
    /// @param more how many files are about to be made
    List<SpillFile> takeExcess(@Nullable SpillFile next, int more) {
        List<SpillFile> excess = new ArrayList<>();
        if (next != null) {
            removeIdle(next);
        }
        while (idleBytes > SpillLayout.MAX_IDLE) {
            SpillFile largest =
                    Collections.max(idle, Comparator.comparingLong(SpillFile::capacity));
            removeIdle(largest);
            excess.add(largest);
        }
        while (!idle.isEmpty() && idle.size() + uses.size() + more > SpillLayout.MAX_FILES) {
            SpillFile oldest = idle.getFirst();
            removeIdle(oldest);
            excess.add(oldest);
        }
        if (next != null) {
            addIdle(next);
        }
        return excess;
    }

    private void addIdle(SpillFile file) {
        idle.add(file);
        idleBytes += file.capacity();
    }

    private void removeIdle(SpillFile file) {
        idle.remove(file);
        idleBytes -= file.capacity();
    }

    /// Unmaps everything. A reader that has got a file keeps it as long as it needs it.
    void close() {
        while (!uses.isEmpty()) {
            uses.removeFirst().close();
        }
        while (!idle.isEmpty()) {
            idle.removeLast().close();
        }
    }
}
