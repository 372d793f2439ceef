package dev.ipcchannel.internal.wait;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.DeepLock;
import dev.ipcchannel.internal.base.Printable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The right to use an outbox. Each thread has it for a moment, under a lock, or one thread has it
/// for as long as it takes, without the lock.
///
/// The thread that has the turn waits for room or has a claim open. Others wait for the turn, so
/// short messages do not overtake a long one for ever, and the lock is never held across a wait or
/// across user code. A turn that belongs to one thread needs no lock, and no thread ever waits for
/// it.
///
/// A turn [inside][#inside] another has the lock of the outer turn: a thread inside the outer turn
/// is inside the inner turn as well, and enters and exits the inner turn without a step that other
/// threads see. Such a thread must not wait in the inner turn before it has left the outer turn:
/// its exit from the inner turn would not give the lock back.
@SuppressWarnings("ReferenceEquality") // threads are meant by identity
public final class Turn {

    // A thread that dies with a claim open notifies none: waiting threads check it now and then.
    private static final long HOLDER_LOOK_NANOS = 50_000_000;

    private final @Nullable Thread owner;
    private final boolean isLocked; // by its owner too
    private final ReentrantLock lock;
    private final boolean isInner; // whether the lock is that of another turn
    private final Condition free;
    private volatile boolean isOrphaned;
    private @Nullable Thread holder; // guarded by the lock, or by the owner being one thread
    private int nested; // entries by the thread that had the lock already; guarded by the lock

    /// @param owner the one thread that may enter; null for all
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

    /// A turn for all threads with the lock of another turn: for something that is mostly used
    /// inside the outer turn.
    public static Turn inside(Turn outer) {
        return new Turn(null, true, outer.lock, true);
    }

    public boolean hasOwner() {
        return owner != null;
    }

    /// Takes it from an owner that cannot enter any more: from now on any thread may.
    public void disown() {
        isOrphaned = true;
    }

    /// Enters for a moment.
    ///
    /// @throws IllegalStateException if another thread, which is alive, owns this turn
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

    /// Enters though another thread owns this turn; allowed for breakable turns.
    public void breakIn() {
        if (isInner && lock.isHeldByCurrentThread()) {
            nested++;
        } else {
            lock.lock();
        }
    }

    /// Enters if that is possible now.
    public boolean tryEnter() {
        if (isInner && lock.isHeldByCurrentThread()) {
            nested++;
            return true;
        }
        return (owner == null || owner == Thread.currentThread()) && (!isLocked || lock.tryLock());
    }

    /// Exits.
    public void exit() {
        if (nested > 0) { // entries of this thread, which has the lock
            nested--;
        } else if (isLocked || owner != Thread.currentThread()) {
            lock.unlock();
        }
    }

    /// Whether no living thread has the turn. Called inside.
    public boolean isFree() {
        Thread current = holder;
        // After isAlive() is false, what the dead thread did is visible here.
        return current == null || !current.isAlive();
    }

    /// Whether the calling thread has the turn. Called inside, or by the thread that has it.
    public boolean isMine() {
        return holder == Thread.currentThread();
    }

    /// The name of the thread that has the turn, for people. Called inside.
    public String holderName() {
        Thread current = holder;
        return current == null ? "" : Printable.of(current.getName());
    }

    /// Takes the turn, which is free. Called inside.
    public void take() {
        holder = Thread.currentThread();
    }

    /// Gives the turn back. Called inside.
    public void end() {
        holder = null;
        wakeAll(); // all: the first one's share may have ended, and it would not pass the turn on
    }

    /// Waits until the turn is free, or `isOver` is true, which another thread reports by
    /// [#wakeAll]. Called inside; outside while it waits.
    ///
    /// @return false if the deadline came first
    public boolean awaitFree(BooleanSupplier isOver, Deadline deadline, WaitCount count)
            throws InterruptedException {
        return await(() -> isFree() || isOver.getAsBoolean(), deadline, HOLDER_LOOK_NANOS, count);
    }

    /// Waits until `isSo` is true, which another thread reports by [#wakeAll]. Called inside;
    /// outside while it waits.
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

    /// Runs `action` inside, on a thread of its own, once the turn is free: at the latest when its
    /// holder has died. If an owner needs no lock, only called once the owner cannot enter any
    /// more.
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

    /// Makes all threads that wait for the turn look again. Called inside.
    public void wakeAll() {
        if (isLocked || owner != Thread.currentThread()) {
            free.signalAll();
        }
    }
}
