package dev.ipcchannel.worker;

import dev.ipcchannel.call.Caller;
import dev.ipcchannel.internal.base.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The lock of a set, which covers its jobs and its workers, with what has to follow once it is
/// left: what jobs need first, then the futures of those that have ended, then the listener's
/// events, which may take their time.
///
/// Whatever may wait, or is the user's (codecs, what depends on a future), runs outside of it, and
/// is put off until [#exit]. Threads that wait for a change of the set, or for room, are woken
/// there, wherever the lock is left: no decision has to think of them.
final class SetLock {

    private final WorkerListener listener;
    private final BooleanSupplier hasRoom;
    private final Completions completions = new Completions(this);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition change = lock.newCondition();

    // Inside the lock.
    private @Nullable FollowUp followUp; // what was put off
    private final List<BooleanSupplier> awaited = new ArrayList<>(0); // what threads wait for
    private int awaitingRoom; // threads
    private int awaitingRoomAtOne; // of these, those whose job one worker may do

    /// @param hasRoom whether a thread that waits for room is to look again; asked inside the lock
    SetLock(WorkerListener listener, BooleanSupplier hasRoom) {
        this.listener = listener;
        this.hasRoom = hasRoom;
    }

    /// The actions that follow the lock.
    private static final class FollowUp {

        private final List<Runnable> actions = new ArrayList<>(2);
        private final List<PendingJob<?, ?>> ended = new ArrayList<>(0);
        private final List<Runnable> events = new ArrayList<>(0);

        boolean hasOthersCode() {
            return !ended.isEmpty() || !events.isEmpty();
        }

        /// Whether more runs than the completion of a future on which nothing depends.
        boolean mayWait() {
            return !events.isEmpty() || !ended.stream().allMatch(PendingJob::isPrivate);
        }

        /// Each has its turn, whatever another one throws.
        void runActions() {
            actions.forEach(FollowUp::run);
        }

        /// The same, of what comes after the actions.
        void runOthersCode(Completions completions) {
            complete(completions);
            runEvents();
        }

        boolean hasEnded() {
            return !ended.isEmpty();
        }

        void complete(Completions completions) {
            if (hasEnded()) {
                run(() -> completions.complete(ended));
            }
        }

        void runEvents() {
            events.forEach(FollowUp::run);
        }

        private static void run(Runnable action) {
            try {
                action.run();
            } catch (RuntimeException | Error failure) {
                Log.error("a listener of a set of workers, or what depends on a job, has thrown",
                        failure);
            }
        }
    }

    Completions completions() {
        return completions;
    }

    void enter() {
        lock.lock();
    }

    /// Leaves the lock, and does what was put off.
    void exit() {
        FollowUp rest = leave();
        if (rest != null) {
            rest.runActions();
            rest.runOthersCode(completions);
        }
    }

    /// The same on a thread that may have received for a worker: another one does that if what
    /// depends on jobs takes long.
    void exit(Caller<?, ?> caller) {
        FollowUp rest = leave();
        if (rest != null) {
            rest.runActions();
            if (rest.mayWait()) {
                caller.runAside(() -> rest.runOthersCode(completions));
            } else {
                rest.runOthersCode(completions);
            }
        }
    }

    /// Leaves the lock.
    ///
    /// @return what was put off, if there is something
    private @Nullable FollowUp leave() {
        assert lock.getHoldCount() == 1 : "what was put off would run inside the lock";
        FollowUp rest = null;
        try {
            wake();
            rest = followUp;
            followUp = null;
        } finally {
            lock.unlock(); // in any case: the next one to leave does what is left
        }
        return rest;
    }

    /// Runs something inside the lock, and then what it has put off.
    void run(Runnable decision) {
        enter();
        try {
            decision.run();
        } finally {
            exit();
        }
    }

    /// The same for a thread on which what depends on jobs, and the listener, are not to run: the
    /// timer's, say. Jobs that were put off to be sent are still encoded on this thread.
    ///
    /// @param elsewhere runs that on another thread
    void run(Runnable decision, Consumer<Runnable> elsewhere) {
        enter();
        FollowUp rest = null;
        try {
            decision.run();
        } finally {
            rest = leave();
            if (rest != null) {
                runApart(rest, elsewhere);
            }
        }
    }

    /// The same for a thread of the set, or one that closes the set, on which what depends on jobs
    /// is not to run: it may never return. The listener is notified on this thread.
    ///
    /// @param elsewhere runs something on another thread
    void runAndNotify(Runnable decision, Consumer<Runnable> elsewhere) {
        enter();
        try {
            decision.run();
        } finally {
            FollowUp rest = leave();
            if (rest != null) {
                rest.runActions();
                if (rest.hasEnded()) {
                    elsewhere.accept(() -> rest.complete(completions));
                }
                rest.runEvents();
            }
        }
    }

    private void runApart(FollowUp rest, Consumer<Runnable> elsewhere) {
        rest.runActions();
        if (rest.hasOthersCode()) {
            elsewhere.accept(() -> rest.runOthersCode(completions));
        }
    }

    /// There may be room for more than one thread: the one that is woken wakes the next as it
    /// leaves.
    private void wake() {
        if (!awaited.isEmpty() && awaited.stream().anyMatch(BooleanSupplier::getAsBoolean)) {
            change.signalAll();
        }
        if (awaitingRoom > 0 && hasRoom.getAsBoolean()) {
            if (awaitingRoomAtOne > 0) {
                room.signalAll(); // the one that would be woken may have no use for it
            } else {
                room.signal();
            }
        }
    }

    private FollowUp followUp() {
        FollowUp current = followUp;
        if (current == null) {
            current = new FollowUp();
            followUp = current;
        }
        return current;
    }

    /// Puts something off until the lock is left. Inside the lock.
    void later(Runnable action) {
        followUp().actions.add(action);
    }

    /// Has the future of a job that has ended completed when the lock is left. Inside the lock.
    void completeLater(PendingJob<?, ?> job) {
        followUp().ended.add(job);
    }

    /// Notifies the listener when the lock is left, and all else that was put off is done. Inside
    /// the lock.
    void notifyLater(Consumer<WorkerListener> event) {
        followUp().events.add(() -> event.accept(listener));
    }

    /// Whether something of the user's runs when the lock is left. Inside the lock.
    boolean isOthersCodePutOff() {
        FollowUp current = followUp;
        return current != null && current.hasOthersCode();
    }

    /// Waits for room, with the lock left meanwhile, after a job was refused since there was none
    /// for it. Inside the lock.
    ///
    /// @param isAtOne whether one worker alone may do the job: there may be room, and not for it
    /// @return false if there was none within so many nanoseconds
    boolean awaitRoom(long nanos, boolean isAtOne) throws InterruptedException {
        long left = nanos;
        awaitingRoom++;
        awaitingRoomAtOne += isAtOne ? 1 : 0;
        try {
            do {
                if (left <= 0) {
                    return false;
                }
                left = room.awaitNanos(left);
            } while (!hasRoom.getAsBoolean());
            return true;
        } finally {
            awaitingRoom--;
            awaitingRoomAtOne -= isAtOne ? 1 : 0;
        }
    }

    /// Waits until something holds, with the lock left meanwhile. Inside the lock.
    ///
    /// @param holds is asked inside the lock, by any thread that leaves it
    /// @return false if it did not within so many nanoseconds
    boolean await(BooleanSupplier holds, long nanos) throws InterruptedException {
        long left = nanos;
        awaited.add(holds);
        try {
            while (!holds.getAsBoolean()) {
                if (left <= 0) {
                    return false;
                }
                left = change.awaitNanos(left);
            }
            return true;
        } finally {
            awaited.remove(holds);
        }
    }

    /// The same as long as it takes, whatever interrupts.
    void await(BooleanSupplier holds) {
        awaited.add(holds);
        try {
            while (!holds.getAsBoolean()) {
                change.awaitUninterruptibly();
            }
        } finally {
            awaited.remove(holds);
        }
    }
}
