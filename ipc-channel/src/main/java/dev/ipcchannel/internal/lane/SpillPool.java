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

    /// @param end the position behind the record that uses the file
    /// @param number of the file, modulo 64, where that record has brought it to the reader
    private record Use(SpillFile file, long end, int number) {

        boolean isLetGo(long filesLetGo) {
            return number != NOT_NEW && (filesLetGo >>> number & 1) != 0;
        }
    }

    private final ArrayDeque<Use> uses = new ArrayDeque<>(0); // in the order of their records
    private final ArrayList<SpillFile> idle = new ArrayList<>(0); // used last, last
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
        while (!uses.isEmpty() && position - uses.getFirst().end >= 0) {
            Use use = uses.removeFirst();
            bytesInUse -= use.file.capacity();
            if (use.isLetGo(filesLetGo)) {
                use.file.close();
            } else {
                addIdle(use.file);
            }
        }
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
        for (Use use : uses) {
            if (hasRoom(length, bytes, files)) {
                break;
            }
            bytes -= use.file.capacity();
            files--;
            position = use.end;
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
        uses.addLast(new Use(file, end, isNew ? sent++ % SpillLayout.MAX_FILES : NOT_NEW));
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
        uses.forEach(use -> use.file.close());
        idle.forEach(SpillFile::close);
        uses.clear();
        idle.clear();
    }
}
