package dev.ipcchannel.call;

import dev.ipcchannel.internal.base.DeepLock;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The calls of a [Caller] that are open, by their ids, which it gives out: 1, 2, 3, …. The thread
/// that takes a call out of it decides what becomes of that call, so only one thread does. Any
/// number of threads may use it.
///
/// @implNote A hash table; what collides goes to the next free slot. The ids follow each other, so
/// they are hashed: as they are, they would lie in one long run, of which each removal moves the
/// rest.
///
/// A `HashMap` in its place costs a call 7 to 26 ns more of its two microseconds or so, and 80
/// bytes more of garbage, a third of all that a call leaves; and it never shrinks.
///
/// @param <R> the type of the answers
final class CallTable<R> {

    /// 2^64 divided by the golden ratio: it spreads numbers that follow each other evenly (Knuth,
    /// The Art of Computer Programming, volume 3, section 6.4).
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private static final int FIRST_SLOTS = 16; // a power of two, like all that follow
    private static final int KEPT_SLOTS = 4096; // a longer table goes when it is empty

    private final ReentrantLock lock = new DeepLock();

    // Inside the lock.
    private @Nullable OpenCall<R>[] slots = slots(FIRST_SLOTS);
    private int count;
    private long lastId;
    private volatile @Nullable RuntimeException over; // why no more calls open; read outside, too

    /// Gives a call its id.
    ///
    /// @return why no call can be opened, or null if it is open now
    @Nullable
    RuntimeException open(OpenCall<R> call) {
        lock.lock();
        try {
            if (over == null) {
                if (2 * (count + 1) > slots.length) {
                    resize(2 * slots.length);
                }
                call.opened(++lastId);
                put(call);
                count++;
            }
            return over;
        } finally {
            lock.unlock();
        }
    }

    /// The call with that id, if it is open.
    @Nullable
    OpenCall<R> find(long id) {
        lock.lock();
        try {
            return slots[indexOf(id)];
        } finally {
            lock.unlock();
        }
    }

    /// Takes out the call with that id.
    ///
    /// @return null if it is not open, or another thread was quicker
    @Nullable
    OpenCall<R> take(long id) {
        lock.lock();
        try {
            int index = indexOf(id);
            OpenCall<R> call = slots[index];
            if (call != null) {
                slots[index] = null;
                count--;
                closeGap(index);
                shrink();
            }
            return call;
        } finally {
            lock.unlock();
        }
    }

    /// Leaves a call open that no thread waits for any more.
    ///
    /// @return false if it is not open, or that was known
    boolean neglect(OpenCall<R> call) {
        lock.lock();
        try {
            return slots[indexOf(call.id())] != null && call.neglect();
        } finally {
            lock.unlock();
        }
    }

    /// Takes out all calls that are open. Those whose end runs no code of a user's come first in
    /// the queue, which several threads may use at once.
    Queue<OpenCall<R>> takeAll() {
        lock.lock();
        try {
            // First what the heap may have no room for: all are here still then.
            Queue<OpenCall<R>> all = new ConcurrentLinkedQueue<>();
            @Nullable
            OpenCall<R>[] none = slots(FIRST_SLOTS);
            addAll(false, all);
            addAll(true, all);
            slots = none;
            count = 0;
            return all;
        } finally {
            lock.unlock();
        }
    }

    private void addAll(boolean runUsersCode, Queue<OpenCall<R>> all) {
        for (OpenCall<R> call : slots) {
            if (call != null && call.runsUsersCode() == runUsersCode) {
                boolean _ = all.add(call);
            }
        }
    }

    /// Opens no more calls. The first reason counts.
    ///
    /// @return that one
    RuntimeException end(RuntimeException reason) {
        lock.lock();
        try {
            RuntimeException first = over == null ? reason : over;
            over = first;
            return first;
        } finally {
            lock.unlock();
        }
    }

    /// Why no call can be opened any more, or null.
    @Nullable
    RuntimeException over() {
        return over;
    }

    /// How many calls are open.
    int count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /// Where the call with that id is, or a free slot.
    private int indexOf(long id) {
        int mask = slots.length - 1;
        int index = (int) ((id * SPREAD) >>> Long.numberOfLeadingZeros(mask));
        OpenCall<R> found = slots[index];
        while (found != null && found.id() != id) {
            index = (index + 1) & mask;
            found = slots[index];
        }
        return index;
    }

    private void put(OpenCall<R> call) {
        slots[indexOf(call.id())] = call;
    }

    /// Moves up those that a search from their own slot would no longer find.
    private void closeGap(int freed) {
        int mask = slots.length - 1;
        int index = (freed + 1) & mask;
        for (OpenCall<R> next = slots[index]; next != null; next = slots[index]) {
            slots[index] = null;
            put(next);
            index = (index + 1) & mask;
        }
    }

    private void shrink() {
        if (count == 0 && slots.length > KEPT_SLOTS) {
            slots = slots(FIRST_SLOTS);
        }
    }

    private void resize(int length) {
        @Nullable
        OpenCall<R>[] former = slots;
        slots = slots(length);
        for (OpenCall<R> call : former) {
            if (call != null) {
                put(call);
            }
        }
    }

    @SuppressWarnings("unchecked") // the array is not seen outside
    private static <R> @Nullable OpenCall<R>[] slots(int length) {
        return (@Nullable OpenCall<R>[]) new OpenCall<?>[length];
    }
}
