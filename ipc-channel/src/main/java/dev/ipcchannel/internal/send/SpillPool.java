package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.DeepLock;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.LaneResources;
import dev.ipcchannel.internal.end.SpillFile;
import dev.ipcchannel.internal.wire.SpillLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// The files of one sender's long messages, of one lane or shared by many. In a shared pool, the
/// lanes that claim room for the same message get the same file, which is written once.
///
/// A file is held by each lane that has claimed it, until the lane gives its claim up or its reader
/// has passed the record. Once no lane holds it, it is idle, and can be used again. Idle files
/// beyond the bounds are retired: they are unmapped here, and each lane announces that to its
/// reader later.
///
/// One thread at a time claims messages; lanes may end on other threads meanwhile.
@SuppressWarnings("ReferenceEquality") // files are meant by identity
public final class SpillPool {

    // Taken for long messages only: a copy takes far longer.
    private final Lock lock = new DeepLock();
    private final boolean isShared;
    private final long maxInUse;
    private final int maxFiles;
    private final Counters counters = new Counters(Counters.Side.SENDER); // of a shared pool
    private final LaneResources resources = new LaneResources(counters);

    // With capacity for the maximum, so that an add after a commit cannot fail.
    private final ArrayDeque<SpillFile> inUse; // by turns
    private final ArrayList<SpillFile> idle; // by use
    private @Nullable SpillFile claimed; // for the message that is on its way to its lanes
    private long bytesInUse;
    private long idleBytes;
    private long lastTurn;
    private int lanes;
    private int retired; // ever
    private long bytes; // of all mapped files
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

    /// Files that many lanes share.
    public static SpillPool shared() {
        return shared(SpillLayout.MAX_IN_USE_IN_ALL, SpillLayout.MAX_FILES_IN_ALL);
    }

    /// Files that many lanes share, with other bounds.
    ///
    /// @param maxInUse bytes of files with unread messages
    /// @param maxFiles in use or idle
    public static SpillPool shared(long maxInUse, int maxFiles) {
        return new SpillPool(true, maxInUse, maxFiles);
    }

    /// Adds a lane. [#leave] follows.
    void join() {
        lock.lock();
        try {
            lanes++;
            if (isShared && lanes == 1) {
                counters.register();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Removes a lane, which holds nothing any more. With the last one everything is unmapped.
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
                counters.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The number of the last message that all lanes have to have read before a message of this
    /// length may come; 0 if there is none.
    long lastInTheWay(int length) {
        if (!isShared) {
            return 0; // the lane's own bound is enough
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
            last = file.messageNumber();
        }
        return last;
    }

    private boolean mayUse(long capacity, int files, long bytesOfFiles) {
        return files < maxFiles && SpillLayout.mayUse(capacity, bytesOfFiles, maxInUse);
    }

    /// Claims a file for a message of this length, for one lane, which holds it until [#letGo].
    ///
    /// @throws dev.ipcchannel.internal.posix.PosixException if there is no memory for it
    SpillFile claim(int length) {
        lock.lock();
        try {
            long capacity = SpillLayout.capacityFor(length);
            SpillFile file = claimed;
            if (file == null || file.capacity() != capacity) { // left by a thread that died
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
        retireExcess(file == null ? 1 : 0); // first: there may be memory for only one of them
        return file == null ? create(capacity) : file;
    }

    private @Nullable SpillFile find(long capacity) {
        // The file used last: it may still be in a cache.
        for (int i = idle.size() - 1; i >= 0; i--) {
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

    /// Notes that a lane is about to show the message in the file to its reader: the file is not
    /// used for the next message.
    void use(SpillFile file) {
        lock.lock();
        try {
            if (file == claimed) {
                claimed = null;
            }
            if (file.messageNumber() == 0) {
                lastTurn++;
                file.use(lastTurn);
                inUse.addLast(file);
                bytesInUse += file.capacity();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Notes that a lane has sent the file. If no other lane may send the file, its descriptor is
    /// closed.
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

    /// Ends a lane's hold on the file: the lane has given its claim up, or its reader has passed
    /// the record.
    ///
    /// @param mayGo whether no process can be reading the file, so that it may be written again
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
        if (file.messageNumber() != 0) {
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

    /// Notes that the reader of a lane has not kept the file: if the pool has only that lane, the
    /// file is of no use.
    void notKept(SpillFile file) {
        letGo(file, isShared);
    }

    /// Retires the idle files beyond the bounds.
    void retireExcess() {
        lock.lock();
        try {
            retireExcess(0);
        } finally {
            lock.unlock();
        }
    }

    /// Retires the largest files first, since few of them have most of the bytes, then those unused
    /// for the longest time.
    ///
    /// @param more how many files are about to be made
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
            resources.now(descriptors, bytes);
        }
    }

    /// The number of files that were ever retired: a look without the lock, which may miss the
    /// last.
    int retired() {
        return retired;
    }

    /// The bytes of the files of a pool of one lane; a shared pool counts its own.
    long bytesOfLane() {
        return isShared ? 0 : bytes;
    }

    /// The open descriptors of the files of a pool of one lane: those of files that the reader has
    /// not got yet.
    int descriptorsOfLane() {
        return isShared ? 0 : descriptors;
    }

    /// The bytes of its files, for tests.
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
