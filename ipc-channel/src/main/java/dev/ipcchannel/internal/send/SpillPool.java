package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.DeepLock;
import dev.ipcchannel.internal.end.Holding;
import dev.ipcchannel.internal.end.SpillFile;
import dev.ipcchannel.internal.end.Tally;
import dev.ipcchannel.internal.wire.SpillLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// The files of one sender's long messages, which one lane has to itself or many lanes share: then
/// the lanes that claim room for the same message have the same file, which is written once.
///
/// A file is held by each lane that has claimed it, until that gives its claim up or its reader has
/// passed the record. Once no lane holds it, it is idle, and is used again. What is idle beyond the
/// bounds is retired: it is unmapped here, and each lane says so to its reader in its own time.
///
/// Messages are claimed by one thread at a time; lanes may end on others meanwhile.
@SuppressWarnings("ReferenceEquality") // files are meant by identity
public final class SpillPool {

    private final Lock lock = new DeepLock(); // for long messages alone: a copy takes far longer
    private final boolean isShared;
    private final long maxInUse;
    private final int maxFiles;
    private final Tally tally = new Tally(Tally.Side.SENDER); // of a shared one
    private final Holding holding = new Holding(tally);

    // With room for all there may be: a message that has gone finds it.
    private final ArrayDeque<SpillFile> inUse; // by turns
    private final ArrayList<SpillFile> idle; // by use
    private @Nullable SpillFile claimed; // for the message that is on its way to its lanes
    private long bytesInUse;
    private long idleBytes;
    private long lastTurn;
    private int lanes;
    private int retired; // ever
    private long bytes; // of all that are mapped
    private int descriptors;

    private SpillPool(boolean isShared, long maxInUse, int maxFiles) {
        this.isShared = isShared;
        this.maxInUse = maxInUse;
        this.maxFiles = maxFiles;
        this.inUse = new ArrayDeque<>(maxFiles);
        this.idle = new ArrayList<>(maxFiles + 1);
    }

    /// The files of one lane.
    static SpillPool ofOneLane() {
        return new SpillPool(false, SpillLayout.MAX_IN_USE, SpillLayout.MAX_FILES);
    }

    /// Files that many lanes have in common.
    public static SpillPool shared() {
        return shared(SpillLayout.MAX_IN_USE_IN_ALL, SpillLayout.MAX_FILES_IN_ALL);
    }

    /// The same with other bounds.
    ///
    /// @param maxInUse bytes of files that hold unread messages
    /// @param maxFiles in use or idle
    public static SpillPool shared(long maxInUse, int maxFiles) {
        return new SpillPool(true, maxInUse, maxFiles);
    }

    /// One more lane uses it. [#leave] follows.
    void join() {
        lock.lock();
        try {
            lanes++;
            if (isShared && lanes == 1) {
                tally.register();
            }
        } finally {
            lock.unlock();
        }
    }

    /// A lane uses it no more, and holds nothing. With the last one everything is unmapped.
    void leave() {
        lock.lock();
        try {
            lanes--;
            if (lanes > 0) {
                return;
            }
            while (!idle.isEmpty()) {
                retire(idle.getLast());
            }
            if (isShared) {
                tally.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The turn of the last message that has to be read by all before one of this length may come;
    /// 0 if none has to be.
    long lastInTheWay(int length) {
        if (!isShared) {
            return 0; // the bound of its lane is that of all
        }
        lock.lock();
        try {
            long capacity = SpillLayout.capacityFor(length);
            return mayUse(capacity, inUse.size(), bytesInUse) ? 0 : lastInTheWay(capacity);
        } finally {
            lock.unlock();
        }
    }

    private long lastInTheWay(long capacity) {
        long left = bytesInUse;
        int files = inUse.size();
        long last = 0;
        for (SpillFile file : inUse) {
            if (mayUse(capacity, files, left)) {
                break;
            }
            left -= file.capacity();
            files--;
            last = file.turn();
        }
        return last;
    }

    private boolean mayUse(long capacity, int files, long bytesOfFiles) {
        return files < maxFiles && SpillLayout.mayUse(capacity, bytesOfFiles, maxInUse);
    }

    /// A lane claims room for a message of this length: it holds the file until [#letGo].
    ///
    /// @throws dev.ipcchannel.internal.posix.PosixException if there is no memory for it
    SpillFile claim(int length) {
        lock.lock();
        try {
            long capacity = SpillLayout.capacityFor(length);
            SpillFile file = claimed;
            if (file == null || file.capacity() != capacity) { // another thread's, which has died
                file = take(capacity);
                claimed = file;
            }
            file.hold();
            return file;
        } finally {
            lock.unlock();
        }
    }

    private SpillFile take(long capacity) {
        SpillFile file = find(capacity);
        if (file != null) {
            removeIdle(file);
        }
        retireExcess(file == null ? 1 : 0); // first: there may be memory for one of them only
        return file == null ? create(capacity) : file;
    }

    private @Nullable SpillFile find(long capacity) {
        for (int i = idle.size() - 1; i >= 0; i--) { // used last: it may be in a cache yet
            if (idle.get(i).capacity() == capacity) {
                return idle.get(i);
            }
        }
        return null;
    }

    private SpillFile create(long capacity) {
        SpillFile file = SpillFile.create(capacity);
        bytes += capacity;
        descriptors++;
        count();
        return file;
    }

    /// A lane is about to show the message in the file to its reader: the next one is not for this
    /// file.
    void use(SpillFile file) {
        lock.lock();
        try {
            if (file == claimed) {
                claimed = null;
            }
            if (file.turn() == 0) {
                lastTurn++;
                file.use(lastTurn);
                inUse.addLast(file);
                bytesInUse += file.capacity();
            }
        } finally {
            lock.unlock();
        }
    }

    /// A lane has sent the file: where no other may, its descriptor is of no use here.
    void sent(SpillFile file) {
        if (isShared) {
            return;
        }
        lock.lock();
        try {
            descriptors--;
            file.closeDescriptor();
        } finally {
            lock.unlock();
        }
    }

    /// A lane has given its claim of the file up, or its reader has passed the record.
    ///
    /// @param mayGo whether nobody can be reading there, so that it may be written to again
    void letGo(SpillFile file, boolean mayGo) {
        lock.lock();
        try {
            if (!mayGo) {
                file.retire();
                retired++;
            }
            if (file.letGo()) {
                noMoreInUse(file);
            }
        } finally {
            lock.unlock();
        }
    }

    private void noMoreInUse(SpillFile file) {
        if (file == claimed) {
            claimed = null;
        }
        if (file.turn() != 0) {
            boolean _ = inUse.remove(file);
            bytesInUse -= file.capacity();
            file.use(0);
        }
        if (file.isRetired()) {
            close(file);
        } else {
            addIdle(file);
        }
    }

    /// The reader of a lane has not kept the file: where that is the only one, it is of no use.
    void notKept(SpillFile file) {
        letGo(file, isShared);
    }

    /// Retires what is idle beyond the bounds.
    void retireExcess() {
        lock.lock();
        try {
            retireExcess(0);
        } finally {
            lock.unlock();
        }
    }

    /// The largest files, since few of them are most of the bytes, then those not used for the
    /// longest time.
    ///
    /// @param more how many files are about to be made
    private void retireExcess(int more) {
        while (idleBytes > SpillLayout.MAX_IDLE) {
            retire(Collections.max(idle, Comparator.comparingLong(SpillFile::capacity)));
        }
        while (!idle.isEmpty() && idle.size() + inUse.size() + more > maxFiles) {
            retire(idle.getFirst());
        }
    }

    private void retire(SpillFile file) {
        removeIdle(file);
        file.retire();
        retired++;
        close(file);
    }

    private void close(SpillFile file) {
        bytes -= file.capacity();
        descriptors -= file.isOpen() ? 1 : 0;
        try {
            file.close();
        } finally {
            count();
        }
    }

    private void count() {
        if (isShared) {
            holding.now(descriptors, bytes);
        }
    }

    /// How many files were retired, ever: a look that needs no lock, and may miss the last one.
    int retired() {
        return retired;
    }

    /// How many bytes its files have, for the lane that has it to itself; a shared one counts them.
    long bytesOfLane() {
        return isShared ? 0 : bytes;
    }

    /// How many files have a descriptor open, for the lane that has it to itself: those that no
    /// reader has got.
    int descriptorsOfLane() {
        return isShared ? 0 : descriptors;
    }

    /// How many bytes its files have, for tests.
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    private void addIdle(SpillFile file) {
        idle.add(file);
        idleBytes += file.capacity();
    }

    private void removeIdle(SpillFile file) {
        boolean _ = idle.remove(file);
        idleBytes -= file.capacity();
    }
}
