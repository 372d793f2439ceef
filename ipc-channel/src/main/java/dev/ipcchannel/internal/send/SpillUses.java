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

/// The spill files that the reader of one lane knows, as its writer counts them: those in use,
/// until the reader's position has passed the record that used them, and those that wait to be used
/// again, here or for messages of other lanes that share the pool.
///
/// Used by one thread at a time, as its lane is.
@SuppressWarnings("ReferenceEquality") // files are meant by identity
final class SpillUses {

    private static final int NOT_NEW = -1;
    private static final int NOT_SEEN = -1;

    private final SpillPool pool;

    // With room for all there may be: a message that has gone finds it.
    private final ArrayDeque<KnownFile> uses = new ArrayDeque<>(SpillLayout.MAX_FILES); // by records
    private final ArrayList<KnownFile> idle = new ArrayList<>(SpillLayout.MAX_FILES + 1); // by use
    private long bytesInUse;
    private long idleBytes;
    private long lastId;
    private int sent; // files, ever
    private long released; // the reader's position, as last seen
    private int retired; // of the pool's files, as last seen

    SpillUses(SpillPool pool) {
        this.pool = pool;
    }

    /// The reader has passed `position`: what was used up to there waits to be used again.
    ///
    /// @param filesLetGo those that the reader has not kept, a bit for each number: it knows them
    /// no more
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
                if (use.file().isRetired()) { // while it was in use here
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
                        || uses.getFirst().file().turn() > pool.lastInTheWay(length));
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
            if (hasRoom(length, bytes, files) && use.file().turn() > inTheWay) {
                break;
            }
            bytes -= use.capacity();
            files--;
            position = use.end();
        }
        return position;
    }

    /// How the reader knows a file; null if it does not. The lane has no record there that is
    /// unread.
    @Nullable
    KnownFile find(SpillFile file) {
        for (int i = idle.size() - 1; i >= 0; i--) {
            if (idle.get(i).file() == file) {
                return idle.get(i);
            }
        }
        return null;
    }

    /// Names a file that the reader does not know: it does from [#use] on.
    KnownFile name(SpillFile file) {
        return new KnownFile(lastId + 1, file);
    }

    /// The file holds a message whose record ends at `end`.
    ///
    /// @param isNew whether that record has brought it to the reader
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

    /// Takes out what the reader is to let go of: what is retired, and what waits beyond the
    /// bounds: the largest files, then those not used for the longest time.
    ///
    /// @param next that is about to be used, if one is: it does not wait
    List<KnownFile> takeExcess(@Nullable KnownFile next) {
        retired = pool.retired(); // first: one that comes meanwhile is for the next time
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

    /// The lane is over.
    ///
    /// @param isReaderGone whether nobody reads what is unread; else those files are written no
    /// more
    void close(boolean isReaderGone) {
        while (!uses.isEmpty()) {
            pool.letGo(uses.removeFirst().file(), isReaderGone);
        }
        idle.clear();
    }
}
