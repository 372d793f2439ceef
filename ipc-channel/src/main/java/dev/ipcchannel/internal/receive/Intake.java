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

/// The arrivals at a receiver: by the announcement sockets and a lane for each sending process,
/// what they have to say, and their ends.
///
/// Used by one thread at a time, inside the guard of its [Inbox]; only [#signal], [#add] and the
/// questions come from elsewhere. The channel has ended when every announcement socket is at its
/// end and every lane is at its end and drained.
final class Intake {

    private static final int MOST_COUNTED = 1000;

    private final Announcements announcements; // of the channel; those of names have others as well
    private final WaysIn ways;
    private final LaneSet lanes;
    private final PollSet pollSet = new PollSet();
    private final DisconnectActions disconnectActions;
    private final Watcher.Watched target;
    private final EndContext context;
    private final TerminalFailure terminal;
    private @Nullable RuntimeException untold; // what looks on nobody's behalf have met: the first
    private boolean isUndecided; // why they are gone: then nothing rings when that is known
    private volatile boolean isEverySenderGone;
    private boolean hasFreed; // a lane that another one may have waited for has gone since the look
    private int discarded; // messages that had come when it was closed; by the thread that did
    private volatile @Nullable String left; // by this side's own doing, as a sentence
    private volatile boolean hasNews; // an announcement or a death, says the watcher
    private volatile boolean hasSignal; // the same, or something untold

    /// Takes the announcement socket over.
    ///
    /// @param target is notified of what the watcher sees
    /// @param actions are run when every sender is gone
    Intake(EndContext context, Watcher.Watched target, DisconnectActions actions) {
        this.context = context;
        this.lanes = new LaneSet(LaneSet.MAX_LANES, this::laneHasGone, context.holders());
        this.announcements = new Announcements(context, target, InboundLane.NOBODY);
        this.ways = new WaysIn(announcements, lanes);
        this.target = target;
        this.disconnectActions = actions;
        this.terminal = new TerminalFailure(this::lastSender);
    }

    /// Has the target told of news from now on: it has to be ready for them.
    void watch() {
        announcements.watch();
    }

    /// Lets one counterpart of a receiver by name in, by a socket of its own. Any thread; whoever
    /// waits has to be woken then. Takes the socket over.
    ///
    /// @param breached is given the failure of one that breaks the format
    /// @param onPart runs when the two are parted
    WayIn add(Descriptor socket, long member, Peer counterpart,
            Consumer<? super RuntimeException> breached, Runnable onPart) {
        Announcements its = null;
        boolean isIn = false;
        try {
            its = new Announcements(context.with(socket, context.tally()), target, member);
            its.watch();
            WayIn way = new WayIn(its, member, counterpart, breached, onPart);
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

    /// Ends those that were let in after the close. Any thread.
    void endThoseThatCome() {
        ways.endThoseThatCome();
    }

    /// There may be news. Any thread.
    void signal() {
        hasNews = true; // first: whoever sees the signal looks for them
        hasSignal = true;
    }

    private void laneHasGone() {
        hasFreed = true;
        signal();
    }

    /// Whether a lane has gone since the last look that another one may have waited for: a look
    /// finds that one.
    boolean hasFreed() {
        return hasFreed;
    }

    /// Whether there may be news that nobody has looked for. Any thread.
    boolean hasNews() {
        return hasNews;
    }

    /// Whether a look is worth it for whoever receives: for news, or for what is untold. Any
    /// thread.
    boolean hasSignal() {
        return hasSignal;
    }

    /// Whether no sender is left, as the last look has found; messages may be. Any thread.
    boolean isEverySenderGone() {
        return isEverySenderGone;
    }

    /// Takes up what [#exported] has given in another process. Descriptors become ours, as far as
    /// it comes.
    void importFrom(Transfer.Receiver receiver) {
        announcements.setHasEnded(receiver.hasEnded());
        lanes.setHasLostOne(receiver.hasLostLane());
        for (Transfer.Lane lane : receiver.lanes()) {
            lanes.add(InboundLane.importFrom(lane, context, target));
        }
    }

    /// What another process needs to go on receiving.
    Transfer.Receiver exported() {
        return new Transfer.Receiver(context.settings(), announcements.socket(),
                announcements.hasEnded(),
                lanes.hasLostOne(), lanes.exported());
    }

    /// Has a set hear of whatever comes in here.
    void join(Membership membership) {
        try {
            ways.join(membership);
            lanes.join(membership);
        } catch (RuntimeException failure) {
            leave();
            throw failure;
        }
    }

    /// Has no set hear of it any more.
    void leave() {
        ways.leave();
        lanes.leave();
    }

    /// Has the watcher signal bells, for a virtual thread that is about to wait, or ends alone.
    void tellBells(boolean isWanted) {
        lanes.tellBells(isWanted);
    }

    /// The next message that is there without asking anybody.
    @Nullable
    InboundLane poll() {
        try {
            return lanes.poll();
        } catch (Breach breach) {
            throw translated(breach);
        }
    }

    /// Leaves the lane's found message where it is: the next [#poll] finds it again.
    void stayAt(InboundLane lane) {
        lanes.stayAt(lane);
    }

    /// Whether a record waits, by a first look that believes nothing.
    boolean isAnyReady() {
        return lanes.isAnyReady();
    }

    /// Whether a message is there that a test holds back.
    boolean isAnyHeld() {
        return lanes.isAnyHeld();
    }

    /// The deadline, or a time before it at which a message comes free that a test holds back, as
    /// [#arm] has found it.
    Deadline untilFree(Deadline deadline) {
        return lanes.untilFree(deadline);
    }

    /// Whether a lane has come to its end.
    boolean isAnyEnded() {
        return lanes.isAnyEnded();
    }

    /// Whether a writer sleeps for want of room.
    boolean isAnyWriterAsleep() {
        return lanes.isAnyWriterAsleep();
    }

    /// The descriptors of the lane's found message. Whoever takes them closes them.
    List<Descriptor> takeDescriptors(InboundLane lane) {
        try {
            return lane.takeDescriptors();
        } catch (RingViolation | RefusedMemoryException | LaneException failure) {
            throw translated(lanes.breach(lane, failure));
        } catch (PosixException failure) { // where we have run out of something, it is found again
            throw failure.isExhaustion() ? failure : translated(lanes.breach(lane, failure));
        } catch (OutOfMemoryError failure) { // some may be off the socket already, and not in the table
            throw lanes.breach(lane,
                    new LaneException(LaneException.Kind.EXHAUSTED, "a sender is cut"
                            + " off, since the heap has no room for what came with its message: raise -Xmx",
                            failure));
        }
    }

    /// Gives back the space of everything consumed in a batch.
    void publish() {
        lanes.publish();
    }

    /// Says "asleep" on every lane and adds the sockets.
    ///
    /// @return whether sleeping is safe, as far as it is known here
    boolean arm(PollSet set) {
        lanes.holdUp();
        addTo(set);
        return lanes.arm() && !hasSignal && !isUndecided;
    }

    /// Says "asleep" on every lane.
    ///
    /// @return whether sleeping is safe, as far as it is known here
    boolean arm() {
        lanes.holdUp();
        return lanes.arm() && !hasSignal && !isUndecided;
    }

    /// Says "awake" on every lane.
    void disarm() {
        lanes.disarm();
    }

    /// Asks the kernel for news, without waiting, for whoever receives: throws what has gone wrong,
    /// one thing at a time.
    void look() {
        RuntimeException former = untold;
        RuntimeException failure = failureOfLook();
        keepUntold(former == null ? null : failure);
        RuntimeException first = former == null ? failure : former;
        if (first != null) {
            throw first;
        }
    }

    /// Asks the kernel for news on nobody's behalf: the first thing that goes wrong is for whoever
    /// receives next, and only that one is kept, however many a sender makes.
    void lookAside() {
        RuntimeException failure = failureOfLook();
        keepUntold(untold == null ? failure : untold);
    }

    private void keepUntold(@Nullable RuntimeException failure) {
        untold = failure;
        if (failure != null) {
            hasSignal = true;
        }
    }

    private @Nullable RuntimeException failureOfLook() {
        hasSignal = false; // before the look: what comes after it sets the flags again
        hasNews = false;
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
            signal(); // there may be more behind what has failed
            throw failure;
        }
    }

    /// Ends all senders of this channel if they have sent what cannot be closed: else there would
    /// be more and more of it.
    private void checkCloser() {
        if (announcements.isOverrun() && (lanes.count() > 0 || !announcements.hasEnded())) {
            announcements.end();
            lanes.endAll();
            throw translated(
                    new RingViolation("a descriptor that it sent keeps whoever closes it"));
        }
    }

    /// Takes what a wait on this intake alone has found. What stays in a socket ends the next wait
    /// there at once, and the watcher's signals stand until a [#look]: so one bell is enough.
    void takeNews(PollSet set) {
        takeReady(set, true);
        noteEnd();
    }

    private void takeReady(PollSet set, boolean isUntilBell) {
        try {
            boolean mayBeMore = lanes.drainReady(set, ways.places(), isUntilBell);
            mayBeMore |= ways.takeInto(set);
            if (mayBeMore) {
                signal(); // the watcher tells of each only once
            }
        } catch (RuntimeException failure) {
            signal(); // there may be more behind what has failed
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

    /// Tells those who asked, once, that every sender is gone.
    private void noteEnd() {
        if (!isEverySenderGone && ways.hasEnded() && lanes.isEverySenderGone()) {
            isEverySenderGone = true;
            disconnectActions.run();
        }
    }

    /// Lets ended lanes go, and throws if that was all there was and nothing more can come.
    ///
    /// @param patience until when the caller may wait for a server that is about to decide; but for
    /// [Deadline#NOW] it may wait for the exit code of a process that is dying as well
    /// @return whether a lane has gone
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

    /// Nothing more comes, by this side's own doing.
    ///
    /// @param reason a sentence for those who have received all that had come before
    void leave(String reason) {
        left = reason;
    }

    /// Whether nothing more comes by this side's own doing.
    boolean hasLeft() {
        return left != null;
    }

    /// @return null if it is not known by the time until which the caller may wait
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

    /// Whose end it is, as far as it is known.
    private @Nullable Peer lastSender() {
        Peer last = context.holders().lastSender();
        Peer from = context.peer();
        return last != null ? last : from != null ? from : context.holders().parent();
    }

    /// What is there, for people.
    String describe() {
        int waiting = lanes.countWaiting(MOST_COUNTED);
        int count = lanes.count();
        return ", %s, waiting=%d%s messages".formatted(
                count > 0 ? "senders=" + count
                        : context.tally().messages() > 0 ? "no sender is left that has sent"
                                : "no sender has sent yet",
                waiting,
                waiting >= MOST_COUNTED ? " or more" : "");
    }

    /// Ends everything: senders learn at their next send.
    ///
    /// @param isCounted whether [#discarded] is asked afterwards
    void close(boolean isCounted) {
        try {
            ways.takeAll(); // so that those senders learn that it was a close
        } catch (RuntimeException | Error _) {
            // What cannot be taken up is closed with the socket, which says enough.
        }
        try {
            discarded = isCounted ? lanes.countWaiting(Integer.MAX_VALUE) : 0;
            lanes.close();
        } finally {
            closeWays();
        }
    }

    /// How many messages had come when it was closed, by the thread that has closed it.
    int discarded() {
        return discarded;
    }

    /// Ends everything as the end of this process would: senders learn it from their sockets alone.
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
            context.tally().close();
        }
    }

    /// Lets go of what another process reads from now on.
    ///
    /// @param isOwn whether no other process can have sent into this channel
    void abandon(boolean isOwn) {
        try {
            lanes.abandon();
        } finally {
            ways.abandon(isOwn);
            context.tally().close();
        }
    }

    /// What a sender did wrong, in one sentence; anything else stays what it is.
    private RuntimeException translated(RuntimeException failure) {
        return Breach.translated(failure, context.peer());
    }
}
