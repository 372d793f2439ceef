package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.end.KnownFile;
import dev.ipcchannel.internal.end.SpillFile;
import dev.ipcchannel.internal.wire.SpillLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The spill files that the reader of one lane knows, as its writer counts them: those in use until
/// the reader's position has passed the record that used them, and the idle ones, to be used again
/// here or for messages of other lanes that share the pool.
///
/// Used by one thread at a time, as its lane is.
@SuppressWarnings("ReferenceEquality") // files are meant by identity
final class SpillUses {

    private static final int NOT_NEW = -1;
    private static final int NOT_SEEN = -1;

    private final SpillPool pool;

    // Both with capacity for the maximum, so that an add after a commit cannot fail. Uses are in
    // the order of their records, idle files in the order of their last use.
    private final ArrayDeque<KnownFile> uses = new ArrayDeque<>(SpillLayout.MAX_FILES);
    private final ArrayList<KnownFile> idle = new ArrayList<>(SpillLayout.MAX_FILES + 1);
    private long bytesInUse;
    private long idleBytes;
    private long lastId;
    private int sent; // the number of files ever sent
    private long released; // the reader's position, as last seen
    private int retired; // the pool's count of retired files, as last seen

    SpillUses(SpillPool pool) {
        this.pool = pool;
    }

    /// Releases the files of the records up to `position`, which the reader has passed.
    ///
    /// @param filesLetGo a bit for the number of each file that the reader has not kept and no
    /// longer knows
    void release(long position, long filesLetGo) {
        released = position;
        while (!uses.isEmpty() && position - uses.getFirst().end() >= 0) {
            KnownFile use = uses.removeFirst();
            bytesInUse -= use.capacity();
            if (isLetGo(use, filesLetGo)) {
                pool.notKept(use.file());
            } else {
                addIdle(use);
                pool.letGo(use.file(), true);
                if (use.file().isRetired()) { // retired while it was in use here
                    retired = NOT_SEEN;
                }
            }
        }
    }

    private static boolean isLetGo(KnownFile use, long filesLetGo) {
        return use.number() != NOT_NEW && (filesLetGo >>> use.number() & 1) != 0;
    }

    /// Whether a message of this length may be sent now.
    boolean hasRoom(int length) {
        return hasRoom(length, bytesInUse, uses.size())
                && (uses.isEmpty()
                        || uses.getFirst().file().messageNumber() > pool.lastInTheWay(length));
    }

    private static boolean hasRoom(int length, long bytes, int files) {
        return files < SpillLayout.MAX_FILES && SpillLayout
                .mayUse(SpillLayout.capacityFor(length), bytes, SpillLayout.MAX_IN_USE);
    }

    /// The reader's position at which a message of this length may be sent.
    long positionWithRoom(int length) {
        long inTheWay = pool.lastInTheWay(length);
        long bytes = bytesInUse;
        int files = uses.size();
        long position = released;
        for (KnownFile use : uses) {
            if (hasRoom(length, bytes, files) && use.file().messageNumber() > inTheWay) {
                break;
            }
            bytes -= use.capacity();
            files--;
            position = use.end();
        }
        return position;
    }

    /// The file as the reader knows it; null if it does not. The lane has no unread record in it.
    @Nullable
    KnownFile find(SpillFile file) {
        for (int i = idle.size() - 1; i >= 0; i--) {
            if (idle.get(i).file() == file) {
                return idle.get(i);
            }
        }
        return null;
    }

    /// Gives an id to a file that the reader does not know; it knows the file from [#use] on.
    KnownFile name(SpillFile file) {
        return new KnownFile(lastId + 1, file);
    }

    /// Notes that the file has a message whose record ends at `end`.
    ///
    /// @param isNew whether that record has brought the file to the reader
    void use(KnownFile file, long end, boolean isNew) {
        if (isNew) {
            lastId = file.id();
            file.use(end, sent % SpillLayout.MAX_FILES);
            sent++;
        } else {
            removeIdle(file);
            file.use(end, NOT_NEW);
        }
        uses.addLast(file);
        bytesInUse += file.capacity();
    }

    /// Whether there may be files to retire: a cheap look, for every message.
    boolean mayHaveExcess() {
        return bytesInUse + idleBytes > SpillLayout.MAX_IDLE || retired != pool.retired();
    }

    /// Removes and returns the files that the reader has to let go: the retired ones, and the idle
    /// ones beyond the bounds, the largest first, then those unused for the longest time.
    ///
    /// @param next the file about to be used, if there is one: it does not count as idle
    List<KnownFile> takeExcess(@Nullable KnownFile next) {
        retired = pool.retired(); // first: a file retired after this is found next time
        List<KnownFile> excess = new ArrayList<>();
        KnownFile waiting = next != null && idle.contains(next) ? next : null;
        if (waiting != null) {
            removeIdle(waiting);
        }
        for (int i = idle.size() - 1; i >= 0; i--) {
            if (idle.get(i).file().isRetired()) {
                take(idle.get(i), excess);
            }
        }
        while (idleBytes > SpillLayout.MAX_IDLE) {
            take(Collections.max(idle, Comparator.comparingLong(KnownFile::capacity)), excess);
        }
        int more = next == null || waiting != null ? 0 : 1;
        while (!idle.isEmpty() && idle.size() + uses.size() + more > SpillLayout.MAX_FILES) {
            take(idle.getFirst(), excess);
        }
        if (waiting != null) {
            addIdle(waiting);
        }
        return excess;
    }

    private void take(KnownFile file, List<KnownFile> excess) {
        removeIdle(file);
        excess.add(file);
    }

    private void addIdle(KnownFile file) {
        idle.add(file);
        idleBytes += file.capacity();
    }

    private void removeIdle(KnownFile file) {
        boolean _ = idle.remove(file);
        idleBytes -= file.capacity();
    }

    /// Ends all uses, because the lane is over.
    ///
    /// @param isReaderGone whether no process reads the unread messages; otherwise their files are
    /// not written again
    void close(boolean isReaderGone) {
        while (!uses.isEmpty()) {
            pool.letGo(uses.removeFirst().file(), isReaderGone);
        }
        idle.clear();
    }
}
