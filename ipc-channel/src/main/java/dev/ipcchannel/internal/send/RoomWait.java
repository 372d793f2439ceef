package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.EndContext;
import dev.ipcchannel.internal.end.Outgoing;
import dev.ipcchannel.internal.flight.Flight;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.wait.Sleeper;
import dev.ipcchannel.internal.wait.SpinBudget;
import dev.ipcchannel.internal.wait.Turn;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A sender's wait for room: it spins for a while, then sleeps on the sockets.
///
/// Used by the thread that has the [Turn]; any thread may call [#wakeup].
final class RoomWait {

    private static final int LOOKS_A_CLOCK = 64; // a look costs about a nanosecond, the clock 20

    // For a condition whose end no event marks.
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final EndContext context;
    private final Turn turn;
    private final LazyLane own;
    private final DeadlockAlarm alarm;
    private final SpinBudget spinBudget;
    private final Counters counters;
    private final PollSet pollSet = new PollSet();
    private volatile @Nullable Sleeper waiting;
    private @Nullable Sleeper former; // of a platform thread, to be used again; with the turn

    /// @param own the lane, if there is one at the time of a wait
    RoomWait(EndContext context, Turn turn, LazyLane own) {
        this.context = context;
        this.turn = turn;
        this.own = own;
        this.counters = context.counters();
        this.spinBudget = new SpinBudget(context.settings().spinNanos());
        this.alarm = new DeadlockAlarm(context.settings(), context.peer());
    }

    /// Ends the wait, so that the waiting thread looks at its share again.
    void wakeup() {
        Sleeper current = waiting; // set before the look at the share: one side sees the other
        if (current != null) {
            current.wakeup();
        }
    }

    /// Waits, with the turn and without the lock, until an offer is worth another try.
    ///
    /// @param isCrowded whether other processes have to receive first
    /// @return false if the deadline has come
    /// @throws LaneException if the share is over, or the receiver broke the format
    boolean await(Outgoing share, int length, int descriptors, boolean isCrowded, Deadline deadline)
            throws InterruptedException {
        if (deadline.isPast()) {
            return false;
        }
        OutboundLane lane = own.lane();
        RingViolation breach = null;
        Object block = Flight.blockBegins();
        turn.exit(); // the turn keeps all other threads off the lane
        try {
            if (isCrowded) {
                awaitOthers(share, deadline);
            } else if (lane == null) {
                awaitAnnouncement(share, deadline);
            } else {
                awaitRoom(lane, share, length, descriptors, deadline);
            }
        } catch (RingViolation violation) {
            breach = violation;
        } finally {
            turn.enter();
            Flight.blockEnds(block, "room", own.laneId(), context.settings().messageType());
        }
        if (breach != null) {
            throw own.poisoned(breach, true);
        }
        share.checkOpen();
        return true;
    }

    /// Waits for room in a lane. May return early; the caller tries again.
    private void awaitRoom(OutboundLane lane, Outgoing share, int length, int descriptors,
            Deadline deadline)
            throws InterruptedException {
        counters.unread(lane.unread());
        if (spin(lane, share, length, descriptors, deadline)) {
            return;
        }
        Sleeper sleeper = borrow();
        lane.useSleeper(sleeper);
        waiting = sleeper; // before the look at the share: see wakeup
        boolean hasEvent = false;
        try {
            if (lane.arm(pollSet, length, descriptors) && !share.isEnded()) {
                counters.asleep();
                hasEvent = alarm.await(sleeper, pollSet, deadline);
            }
        } finally {
            counters.awake();
            waiting = null;
            sleeper.giveBack();
            // A bell may have come after the second look: unread bells would fill the socket.
            lane.disarm(hasEvent || sleeper.isNotified());
        }
    }

    private Sleeper borrow() {
        Sleeper sleeper = Sleeper.borrow(former);
        if (!sleeper.isNotified()) { // else it would keep a reference to its thread
            former = sleeper;
        }
        return sleeper;
    }

    /// Waits a moment for other processes to receive what is in flight to them. The caller tries
    /// again.
    private void awaitOthers(Outgoing share, Deadline deadline) throws InterruptedException {
        pollSet.clear();
        await(share, deadline.earlier(Deadline.after(PAUSE)));
    }

    /// Waits for room in the announcement socket, which comes when the receiver takes up announced
    /// lanes. May return early; the caller tries again.
    private void awaitAnnouncement(Outgoing share, Deadline deadline)
            throws InterruptedException {
        pollSet.clear();
        pollSet.add(context.announcement(), PollSet.WRITABLE);
        // The watcher does not watch for that: a virtual thread looks again after a pause.
        boolean isNotified = Thread.currentThread().isVirtual();
        await(share, isNotified ? deadline.earlier(Deadline.after(PAUSE)) : deadline);
    }

    private void await(Outgoing share, Deadline deadline) throws InterruptedException {
        Sleeper sleeper = borrow();
        waiting = sleeper; // before the look at the share: see wakeup
        try {
            if (!share.isEnded()) {
                counters.asleep();
                sleeper.await(pollSet, deadline);
            }
        } finally {
            counters.awake();
            waiting = null;
            sleeper.giveBack();
        }
    }

    /// @return whether another try is worth it; otherwise it is time to sleep
    private boolean spin(OutboundLane lane, Outgoing share, int length, int descriptors,
            Deadline deadline) {
        long spinNanos = spinBudget.next();
        if (spinNanos == 0) {
            return false;
        }
        long start = counters.spinsFrom(System.nanoTime());
        for (int looks = 1; !lane.isReady(length, descriptors); looks++) {
            if (looks % LOOKS_A_CLOCK == 0) {
                if (share.isEnded() || deadline.isPast()) {
                    return true;
                }
                if (Thread.currentThread().isInterrupted()
                        || counters.spinsUntil(System.nanoTime()) - start >= spinNanos) {
                    spinBudget.wasted();
                    return false;
                }
            }
            Thread.onSpinWait();
        }
        spinBudget.paid();
        return true;
    }
}
