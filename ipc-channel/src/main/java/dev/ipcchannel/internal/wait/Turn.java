package dev.ipcchannel.internal.wait;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.DeepLock;
import dev.ipcchannel.internal.base.Printable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The right to use an outbox: each thread has it for a moment, under a lock, or one for as long as
/// it takes, without the lock.
///
/// The thread that has the turn waits for room or has a claim open. Others wait for the turn, so a
/// long message is not overtaken for ever by short ones, and the lock is never held across a wait
/// or across user code. A turn that belongs to one thread needs no lock, and no thread ever waits
/// for it.
///
/// A turn [inside][#inside] another has that one's lock: a thread that is inside there is inside
/// here as well, and goes in and out without a step that other threads see. It waits for nothing
/// here until it is outside there: only the innermost way out would give the lock back.
@SuppressWarnings("ReferenceEquality") // threads are meant by identity
public final class Turn {

    // A thread that dies with a claim open notifies none: the others look now and then.
    private static final long HOLDER_LOOK_NANOS = 50_000_000;

    private final @Nullable Thread owner;
    private final boolean isLocked; // by its owner too
    private final ReentrantLock lock;
    private final boolean isInner; // the lock is that of another turn
    private final Condition free;
    private volatile boolean isOrphaned;
    private @Nullable Thread holder; // guarded by the lock, or by the owner being one thread
    private int nested; // ways in by the thread that had the lock already; guarded by the lock

    /// @param owner the one thread that may come in; null for all
    /// @param isBreakable whether others may [#breakIn]: then an owner needs the lock as well
    public Turn(@Nullable Thread owner, boolean isBreakable) {
        this(owner, owner == null || isBreakable, new DeepLock(), false);
    }

    private Turn(@Nullable Thread owner, boolean isLocked, ReentrantLock lock, boolean isInner) {
        this.owner = owner;
        this.isLocked = isLocked;
        this.lock = lock;
        this.isInner = isInner;
        this.free = lock.newCondition();
    }

    /// A turn for all threads whose lock is that of another one: for something that is used inside
    /// of that one, mostly.
    public static Turn inside(Turn outer) {
        return new Turn(null, true, outer.lock, true);
    }

    public boolean hasOwner() {
        return owner != null;
    }

    /// The owner cannot come in any more: from now on anybody may.
    public void disown() {
        isOrphaned = true;
    }

    /// Goes in for a moment.
    ///
    /// @throws IllegalStateException if another thread, which lives, owns this turn
    public void enter() {
        Thread only = owner;
        if (only == Thread.currentThread()) {
            if (isLocked) {
                lock.lock();
            }
            return;
        }
        if (only != null && !isOrphaned && only.isAlive()) {
            throw new IllegalStateException(
                    "an exclusive sender belongs to the thread that made it: owner=%s, caller=%s"
                            .formatted(only.getName(), Thread.currentThread().getName()));
        }
        breakIn();
    }

    /// Goes in though another thread owns this turn, where that was provided for.
    public void breakIn() {
        if (isInner && lock.isHeldByCurrentThread()) {
            nested++;
        } else {
            lock.lock();
        }
    }

    /// Goes in if that is possible now.
    public boolean tryEnter() {
        if (isInner && lock.isHeldByCurrentThread()) {
            nested++;
            return true;
        }
        return (owner == null || owner == Thread.currentThread()) && (!isLocked || lock.tryLock());
    }

    /// Goes out again.
    public void exit() {
        if (nested > 0) { // for no other thread than this one: it has the lock
            nested--;
        } else if (isLocked || owner != Thread.currentThread()) {
            lock.unlock();
        }
    }

    /// Whether no thread has the turn, or one that does not live any more. Inside.
    public boolean isFree() {
        Thread current = holder;
        return current == null || !current.isAlive(); // what a dead thread did is seen here
    }

    /// Whether the calling thread has the turn. Inside, or by the thread that has it.
    public boolean isMine() {
        return holder == Thread.currentThread();
    }

    /// The name of the thread that has the turn, for people. Inside.
    public String holderName() {
        Thread current = holder;
        return current == null ? "" : Printable.of(current.getName());
    }

    /// Takes the turn, which is free. Inside.
    public void take() {
        holder = Thread.currentThread();
    }

    /// Gives the turn back. Inside.
    public void end() {
        holder = null;
        wakeAll(); // all: the share of the first may be over, and it would not pass the turn on
    }

    /// Waits for the turn to be free, or for what the caller does with it to be over, which comes
    /// with [#wakeAll]; inside, and outside while it waits.
    ///
    /// @return false if the deadline came first
    public boolean awaitFree(BooleanSupplier isOver, Deadline deadline, WaitCount count)
            throws InterruptedException {
        return await(() -> isFree() || isOver.getAsBoolean(), deadline, HOLDER_LOOK_NANOS, count);
    }

    /// Waits until something is so that comes with [#wakeAll] alone; inside, and outside while it
    /// waits.
    ///
    /// @return false if the deadline came first
    public boolean await(BooleanSupplier isSo, Deadline deadline, WaitCount count)
            throws InterruptedException {
        return await(isSo, deadline, Long.MAX_VALUE, count);
    }

    private boolean await(BooleanSupplier isSo, Deadline deadline, long lookNanos, WaitCount count)
            throws InterruptedException {
        while (!isSo.getAsBoolean()) {
            if (nested > 0) {
                throw new IllegalStateException("a thread waits for a turn inside of another one");
            }
            long nanos = Math.min(deadline.remainingNanos(), lookNanos);
            if (nanos == 0) {
                return false;
            }
            long start = System.nanoTime();
            count.waitBegins(start);
            try {
                free.await(nanos, TimeUnit.NANOSECONDS);
            } finally {
                count.waitEnds(start, System.nanoTime());
            }
        }
        return true;
    }

    /// Has `action` run inside, on a thread of its own, once the turn is free: with its holder's
    /// end at the latest. Where an owner needs no lock, once it cannot come in any more.
    public void whenFree(Runnable action) {
        Thread.ofVirtual().name("ipc-channel turn").start(() -> {
            breakIn();
            try {
                while (!isFree()) {
                    free.awaitNanos(HOLDER_LOOK_NANOS);
                }
                action.run();
            } catch (InterruptedException impossible) { // nothing interrupts this thread
                throw new AssertionError(impossible);
            } finally {
                exit();
            }
        });
    }

    /// Lets everybody who waits for the turn look again. Inside.
    public void wakeAll() {
        if (isLocked || owner != Thread.currentThread()) {
            free.signalAll();
        }
    }
}
