package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.EndContext;
import dev.ipcchannel.internal.flight.Flight;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.wait.Sleeper;
import dev.ipcchannel.internal.wait.SpinBudget;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A receiver's wait for a message: it spins for a while, then sleeps until there is an event.
///
/// Used inside the guard of its [Inbox]; any thread may call [#signal] and [#wakeup].
final class MessageWait {

    private static final int LOOKS_A_CLOCK = 64; // a look costs about a nanosecond, the clock 20

    private final Arrivals arrivals;
    private final Counters counters;
    private final String messageType;
    private final BooleanSupplier isEnded;
    private final SpinBudget spinBudget;
    private final PollSet pollSet = new PollSet();
    private volatile @Nullable Sleeper waiting;

    /// @param isEnded whether this end was closed, by any thread
    MessageWait(EndContext context, Arrivals arrivals, BooleanSupplier isEnded) {
        this.arrivals = arrivals;
        this.counters = context.counters();
        this.spinBudget = new SpinBudget(context.settings().spinNanos());
        this.messageType = context.settings().messageType();
        this.isEnded = isEnded;
    }

    /// Wakes the waiting thread for an event of the watcher. Called after [Arrivals#signal].
    void signal() {
        Sleeper current = waiting; // set before the signal is loaded: one side sees the other
        if (current != null) {
            current.signal();
        }
    }

    /// Ends the wait, so that the waiting thread checks whether its end is closed.
    void wakeup() {
        Sleeper current = waiting; // set before that is loaded: one side sees the other
        if (current != null) {
            current.wakeup();
        }
    }

    /// Looks at the lanes for as long as the budget allows. A long spin, which some settings cause,
    /// is recorded.
    ///
    /// @return whether a record has come; if not, there may be another reason to go on
    boolean spin(Deadline deadline) {
        long nanos = spinBudget.next();
        if (nanos == 0) {
            return false;
        }
        Object block = Flight.blockBegins();
        boolean isFound = spin(nanos, deadline);
        Flight.blockEnds(block, "message", 0, messageType);
        return isFound;
    }

    private boolean spin(long nanos, Deadline deadline) {
        long start = counters.spinsFrom(System.nanoTime());
        for (int looks = 1; !arrivals.isAnyReady(); looks++) {
            if (arrivals.hasSignal()
                    || (looks % LOOKS_A_CLOCK == 0 && isOver(start, nanos, deadline))) {
                spinBudget.wasted();
                return false;
            }
            Thread.onSpinWait();
        }
        spinBudget.paid();
        return true;
    }

    private boolean isOver(long start, long nanos, Deadline deadline) {
        return isEnded.getAsBoolean() || Thread.currentThread().isInterrupted()
                || deadline.isPast() || arrivals.isAnyEnded() || arrivals.isAnyHeld()
                || counters.spinsUntil(System.nanoTime()) - start >= nanos;
    }

    /// Sleeps until there is an event, and takes it. May return early.
    void sleep(Deadline deadline) throws InterruptedException {
        Sleeper sleeper = Sleeper.borrow();
        arrivals.watchBells(sleeper.isNotified());
        waiting = sleeper; // before the loads of an end and a signal: see signal and wakeup
        pollSet.clear();
        Object block = Flight.blockBegins();
        try {
            if (arrivals.arm(pollSet) && !isEnded.getAsBoolean()) {
                counters.asleep();
                sleeper.await(pollSet, arrivals.untilFree(deadline));
            }
        } finally {
            counters.awake();
            Flight.blockEnds(block, "message", 0, messageType);
            arrivals.disarm();
            waiting = null;
            sleeper.giveBack();
        }
        arrivals.takeEvents(pollSet);
    }
}
