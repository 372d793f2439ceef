package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Bootstrap;
import dev.ipcchannel.internal.end.EndContext;
import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.end.TerminalFailure;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.RefusedMemoryException;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.wait.DisconnectActions;
import dev.ipcchannel.internal.wait.Watcher;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The arrivals at a receiver: lanes from the announcement sockets, one for each sending process;
/// their messages and events; and their ends.
///
/// Used by one thread at a time, inside the guard of its [Inbox]. Other threads call only
/// [#signal], [#add] and the queries. The channel has ended when every announcement socket has
/// ended and every lane has ended and is drained.
final class Arrivals {

    private static final int MOST_COUNTED = 1000;

    // Of the channel; receivers by name have more sockets.
    private final Announcements announcements;
    private final WaysIn ways;
    private final LaneSet lanes;
    private final PollSet pollSet = new PollSet();
    private final DisconnectActions disconnectActions;
    private final Watcher.Watched target;
    private final EndContext context;
    private final TerminalFailure terminal;
    // The first failure of looks without a receiving thread, not yet thrown.
    private @Nullable RuntimeException pendingFailure;
    private boolean isUndecided; // why the senders are gone: no event will come when it is
    private volatile boolean isEverySenderGone;
    private boolean hasFreed; // a lane whose end another lane may wait for has gone since the look
    private int discarded; // messages unread at the close; used by the thread that closed it
    private volatile @Nullable String left; // the reason why this side ended it, as a sentence
    private volatile boolean hasEvents; // an announcement or a death, by the watcher
    private volatile boolean hasSignal; // the same, or a failure in `pendingFailure`

    /// Takes the announcement socket over.
    ///
    /// @param target is notified of what the watcher sees
    /// @param actions are run when every sender is gone
    Arrivals(EndContext context, Watcher.Watched target, DisconnectActions actions) {
        this.context = context;
        this.lanes = new LaneSet(LaneSet.MAX_LANES, this::laneHasGone, context.holders());
        this.announcements = new Announcements(context, target, InboundLane.NO_MEMBER);
        this.ways = new WaysIn(announcements, lanes);
        this.target = target;
        this.disconnectActions = actions;
        this.terminal = new TerminalFailure(this::lastSender);
    }

    /// Notifies the target from now on; it has to be ready for that.
    void watch() {
        announcements.watch();
    }

    /// Admits one counterpart of a receiver by name, by a socket of its own. Called by any thread,
    /// which then wakes a waiting thread. Takes the socket over.
    ///
    /// @param breached is given the failure of a counterpart that breaks the format
    /// @param onDisconnect runs when the two are disconnected
    WayIn add(Descriptor socket, long member, Peer counterpart,
            Consumer<? super RuntimeException> breached, Runnable onDisconnect) {
        Announcements its = null;
        boolean isIn = false;
        try {
            its = new Announcements(context.with(socket, context.counters()), target, member);
            its.watch();
            WayIn way = new WayIn(its, member, counterpart, breached, onDisconnect);
            ways.add(way);
            isIn = true;
            signal();
            return way;
        } finally {
            if (!isIn && its != null) {
                its.close();
            } else if (!isIn) {
                Sockets.end(socket);
            }
        }
    }

    /// Ends the ways that were added after the close. Any thread.
    void endThoseThatCome() {
        ways.endThoseThatCome();
    }

    /// Notes that there may be events. Any thread.
    void signal() {
        hasEvents = true; // first: a thread that sees the signal looks for them
        hasSignal = true;
    }

    private void laneHasGone() {
        hasFreed = true;
        signal();
    }

    /// Whether a lane whose end another lane may wait for has gone since the last look: the next
    /// look finds that other lane.
    boolean hasFreed() {
        return hasFreed;
    }

    /// Whether there may be events that no look has taken. Any thread.
    boolean hasEvents() {
        return hasEvents;
    }

    /// Whether the receiving thread should look: for events, or for a failure not yet thrown. Any
    /// thread.
    boolean hasSignal() {
        return hasSignal;
    }

    /// Whether no sender is left, by the last look; messages may be. Any thread.
    boolean isEverySenderGone() {
        return isEverySenderGone;
    }

    /// Takes up what [#exported] has given in another process. Takes the descriptors over, as far
    /// as it gets.
    void importFrom(Transfer.Receiver receiver) {
        announcements.setHasEnded(receiver.hasEnded());
        lanes.setHasLostOne(receiver.hasLostLane());
        for (Transfer.Lane lane : receiver.lanes()) {
            lanes.add(InboundLane.importFrom(lane, context, target));
        }
    }

    /// The state that another process needs to go on receiving.
    Transfer.Receiver exported() {
        return new Transfer.Receiver(context.settings(), announcements.socket(),
                announcements.hasEnded(),
                lanes.hasLostOne(), lanes.exported());
    }

    /// Registers all sockets with a set.
    void join(Membership membership) {
        try {
            ways.join(membership);
            lanes.join(membership);
        } catch (RuntimeException failure) {
            leave();
            throw failure;
        }
    }

    /// Removes all sockets from the set.
    void leave() {
        ways.leave();
        lanes.leave();
    }

    /// Makes the watcher signal bells, for a virtual thread that is about to wait, or only ends.
    void watchBells(boolean isWanted) {
        lanes.watchBells(isWanted);
    }

    /// The next message that can be found without a system call.
    @Nullable
    InboundLane poll() {
        try {
            return lanes.poll();
        } catch (Breach breach) {
            throw translated(breach);
        }
    }

    /// Leaves the lane's found message in place: the next [#poll] finds it again.
    void putBackAt(InboundLane lane) {
        lanes.putBackAt(lane);
    }

    /// Whether a record waits: a first look without checks.
    boolean isAnyReady() {
        return lanes.isAnyReady();
    }

    /// Whether a test delays a message.
    boolean isAnyHeld() {
        return lanes.isAnyHeld();
    }

    /// The deadline, or an earlier time until which a test delays a message, as [#arm] has found
    /// it.
    Deadline untilFree(Deadline deadline) {
        return lanes.untilFree(deadline);
    }

    /// Whether a lane has ended.
    boolean isAnyEnded() {
        return lanes.isAnyEnded();
    }

    /// Whether a writer sleeps for lack of room.
    boolean isAnyWriterAsleep() {
        return lanes.isAnyWriterAsleep();
    }

    /// The descriptors of the lane's found message. The caller closes them.
    List<Descriptor> takeDescriptors(InboundLane lane) {
        try {
            return lane.takeDescriptors();
        } catch (RingViolation | RefusedMemoryException | LaneException failure) {
            throw translated(lanes.breach(lane, failure));
        } catch (PosixException failure) { // after a lack of a resource, the message is found again
            throw failure.isExhaustion() ? failure : translated(lanes.breach(lane, failure));
        } catch (OutOfMemoryError failure) { // some may be off the socket, and not in the table
            throw lanes.breach(lane,
                    new LaneException(LaneException.Kind.EXHAUSTED, "a sender is cut"
                            + " off, since the heap has no room for what came with its message:"
                            + " raise -Xmx",
                            failure));
        }
    }

    /// Gives back the space of everything consumed in a batch.
    void publish() {
        lanes.publish();
    }

    /// Announces "asleep" on every lane and adds the sockets.
    ///
    /// @return whether sleeping is safe, as far as it is known here
    boolean arm(PollSet set) {
        lanes.addBlocked();
        addTo(set);
        return lanes.arm() && !hasSignal && !isUndecided;
    }

    /// Announces "asleep" on every lane.
    ///
    /// @return whether sleeping is safe, as far as it is known here
    boolean arm() {
        lanes.addBlocked();
        return lanes.arm() && !hasSignal && !isUndecided;
    }

    /// Announces "awake" on every lane.
    void disarm() {
        lanes.disarm();
    }

    /// Asks the kernel for events, without waiting, for the receiving thread. Throws what has
    /// failed, one failure at a time.
    void look() {
        RuntimeException former = pendingFailure;
        RuntimeException failure = failureOfLook();
        keepPending(former == null ? null : failure);
        RuntimeException first = former == null ? failure : former;
        if (first != null) {
            throw first;
        }
    }

    /// Asks the kernel for events without a receiving thread. The first failure is kept for the
    /// next receiving thread, and only that one, however many a sender causes.
    void lookAside() {
        RuntimeException failure = failureOfLook();
        keepPending(pendingFailure == null ? failure : pendingFailure);
    }

    private void keepPending(@Nullable RuntimeException failure) {
        pendingFailure = failure;
        if (failure != null) {
            hasSignal = true;
        }
    }

    private @Nullable RuntimeException failureOfLook() {
        hasSignal = false; // before the look: an event after it sets the flags again
        hasEvents = false;
        hasFreed = false;
        RuntimeException met = null;
        try {
            checkCloser();
            if (announcements.dropSome()) {
                signal();
            }
            settleWays();
            pollSet.clear();
            addTo(pollSet);
            if (pollSet.look()) {
                takeReady(pollSet, false);
            }
        } catch (RuntimeException failure) {
            met = failure;
        }
        noteEnd();
        return met;
    }

    private void settleWays() {
        try {
            ways.settle();
        } catch (RuntimeException | Error failure) {
            signal(); // there may be more events after the failed one
            throw failure;
        }
    }

    /// Ends all senders of this channel if they have sent descriptors that cannot be closed: else
    /// their number would grow without end.
    private void checkCloser() {
        if (announcements.isOverrun() && (lanes.count() > 0 || !announcements.hasEnded())) {
            announcements.end();
            lanes.endAll();
            throw translated(
                    new RingViolation(
                            "a descriptor that it sent blocks the thread that closes it"));
        }
    }

    /// Takes what a wait on these arrivals alone has found. A packet left in a socket ends the next
    /// wait at once, and the watcher's signals remain until a [#look]: so one bell is enough.
    void takeEvents(PollSet set) {
        takeReady(set, true);
        noteEnd();
    }

    private void takeReady(PollSet set, boolean isUntilBell) {
        try {
            boolean mayBeMore = lanes.drainReady(set, ways.places(), isUntilBell);
            mayBeMore |= ways.takeInto(set);
            if (mayBeMore) {
                signal(); // the watcher notifies of each event only once
            }
        } catch (RuntimeException failure) {
            signal(); // there may be more events after the failed one
            throw translated(failure);
        } catch (Error failure) {
            signal();
            throw failure;
        }
    }

    private void addTo(PollSet set) {
        ways.addTo(set);
        lanes.addTo(set);
    }

    /// Runs the actions, once, when every sender is gone.
    private void noteEnd() {
        if (!isEverySenderGone && ways.hasEnded() && lanes.isEverySenderGone()) {
            isEverySenderGone = true;
            disconnectActions.run();
        }
    }

    /// Removes ended lanes, and throws if no lane is left and nothing more can come.
    ///
    /// @param patience until when the caller may wait for a server that is about to decide; unless
    /// it is [Deadline#NOW], the caller may also wait for the exit code of a dying process
    /// @return whether a lane was removed
    boolean checkEnd(Deadline patience) {
        boolean mayWait = patience != Deadline.NOW;
        terminal.check(mayWait);
        boolean hasGone = lanes.removeEnded();
        if (ways.hasEnded() && lanes.count() == 0) {
            String reason = left;
            if (reason != null) {
                throw LaneException.disconnected(reason, LaneException.End.CLOSED);
            }
            LaneException end = end(patience);
            isUndecided = end == null;
            if (end != null) {
                throw terminal.of(end, mayWait);
            }
        }
        return hasGone;
    }

    /// Notes that this side has ended the arrivals.
    ///
    /// @param reason a sentence for calls after all earlier messages were received
    void leave(String reason) {
        left = reason;
    }

    /// Whether this side has ended the arrivals.
    boolean hasLeft() {
        return left != null;
    }

    /// @return null if it is not known by `patience`
    private @Nullable LaneException end(Deadline patience) {
        if (lanes.hasLostOne()) {
            return LaneException.disconnected("a sending process ended without closing its sender,"
                    + " and no other is left", "has ended and has not closed the channel",
                    LaneException.End.DIED);
        }
        LaneException notAccepted =
                Bootstrap.failure(context.holders().bootstrap(), true, patience);
        if (notAccepted != null && notAccepted.isPassing()) {
            return patience.isPast() ? null : notAccepted;
        }
        if (notAccepted != null) {
            context.holders().clientIsRefused();
            return notAccepted;
        }
        return context.holders().isAnySenderOpen()
                ? LaneException.disconnected("every sender has been closed, or its process has"
                        + " ended", "has closed the channel, or has ended",
                        LaneException.End.UNKNOWN)
                : LaneException.disconnected("every sender has been closed",
                        "has closed the channel", LaneException.End.CLOSED);
    }

    /// The process whose end it is, as far as it is known.
    private @Nullable Peer lastSender() {
        Peer last = context.holders().lastSender();
        Peer from = context.peer();
        return last != null ? last : from != null ? from : context.holders().parent();
    }

    /// The senders and waiting messages, for people.
    String describe() {
        int waiting = lanes.countWaiting(MOST_COUNTED);
        int count = lanes.count();
        return ", %s, waiting=%d%s messages".formatted(
                count > 0 ? "senders=" + count
                        : context.counters().messages() > 0 ? "no sender is left that has sent"
                                : "no sender has sent yet",
                waiting,
                waiting >= MOST_COUNTED ? " or more" : "");
    }

    /// Ends everything: senders see it at their next send.
    ///
    /// @param isCounted whether [#discarded] is called afterwards
    void close(boolean isCounted) {
        try {
            ways.takeAll(); // so that those senders see a close
        } catch (RuntimeException | Error _) {
            // A lane that cannot be taken up is closed with the socket, which says enough.
        }
        try {
            discarded = isCounted ? lanes.countWaiting(Integer.MAX_VALUE) : 0;
            lanes.close();
        } finally {
            closeWays();
        }
    }

    /// The number of messages unread at the close, for the thread that has closed it.
    int discarded() {
        return discarded;
    }

    /// Ends everything as the end of this process would: senders see only the ends of their
    /// sockets.
    void lose() {
        try {
            lanes.lose();
        } finally {
            closeWays();
        }
    }

    private void closeWays() {
        try {
            ways.close();
        } finally {
            context.counters().close();
        }
    }

    /// Abandons what another process reads from now on.
    ///
    /// @param isOwn whether no other process can have sent into this channel
    void abandon(boolean isOwn) {
        try {
            lanes.abandon();
        } finally {
            ways.abandon(isOwn);
            context.counters().close();
        }
    }

    /// A sender's breach as a sentence for the user; any other failure unchanged.
    private RuntimeException translated(RuntimeException failure) {
        return Breach.translated(failure, context.peer());
    }
}
