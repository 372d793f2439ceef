package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.flight.Flight;
import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.Waiter;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A channel's receiver: who may use it now, how a message is waited for, and how it ends. What comes
/// in is its [Intake]'s.
///
/// Used by one thread at a time, between [#enter] and [#exit]; the questions about it, [#close] and
/// [#onSignal] may come from any.
public final class Inbox implements Watcher.Watched {

    private static final int LOOKS_A_CLOCK = 64; // a look costs about a nanosecond, the clock 20
    private static final long PAUSE_NANOS = 50_000;

    private final LaneSettings settings;
    private final @Nullable Peer peer;
    private final Guard guard = new Guard();
    private final DisconnectActions disconnectActions = new DisconnectActions();
    private final Tally tally = new Tally(Tally.Side.RECEIVER);
    private final Intake intake; // used inside the guard
    private final PollSet pollSet = new PollSet(); // used inside the guard

    private volatile boolean isBoarded; // in a message that has neither gone nor failed to go
    private volatile @Nullable String ended; // why this end is over, if it is
    private volatile @Nullable Waiter waiting;

    /// Takes the announcement socket over.
    ///
    /// @param peer the process that the receiver came from, for messages
    public Inbox(Descriptor announcement, LaneSettings settings, @Nullable Peer peer) {
        this.settings = settings;
        this.peer = peer;
        this.intake = new Intake(announcement, settings, peer, this, disconnectActions, tally);
        if (peer != null) {
            peer.add(this);
        }
        intake.watch(); // last: the watcher may call at once
        tally.open(1);
    }

    /// Takes up a receiver that another process exported. Its descriptors become ours, or are
    /// closed.
    ///
    /// @throws LaneException if it is not what a receiver has to be
    public static Inbox importFrom(Transfer transfer, @Nullable Peer peer) {
        Inbox inbox = null;
        try {
            LaneSettings settings = LaneSettings.importFrom(transfer);
            inbox = new Inbox(transfer.nextSocket(), settings, peer);
            inbox.intake.importFrom(transfer, settings, inbox);
            return inbox;
        } catch (RuntimeException failure) {
            if (inbox != null) {
                inbox.close("the receiver could not be taken up");
            }
            throw Intake.translated(failure, peer);
        }
    }

    /// How this channel's lanes are made and waited on.
    public LaneSettings settings() {
        return settings;
    }

    /// The process that this receiver came from, if it is known.
    public @Nullable Peer peer() {
        return peer;
    }

    /// What has been received here.
    public Tally tally() {
        return tally;
    }

    /// Whether this end is closed or has moved.
    public boolean isEnded() {
        return ended != null;
    }

    /// Starts a verb.
    ///
    /// @throws LaneException if this end is closed or moved
    /// @throws IllegalStateException if another thread is inside
    public void enter() {
        if (ended != null || !guard.enter()) { // before the guard: who is inside may be leaving
            throw closed();
        }
        if (ended != null) {
            exit();
            throw closed();
        }
    }

    /// Ends a verb. If the end was closed while the verb ran, it goes now.
    public void exit() {
        if (ended == null) {
            guard.exit();
            return;
        }
        intake.close();
        guard.closeFromInside();
    }

    /// Finds the next message, if one is there; asks the kernel once if none is. Never waits.
    ///
    /// @return the lane that has it, or null
    /// @throws LaneException if none is there and none can come
    public @Nullable InboundLane tryNext() {
        if (intake.hasSignal()) { // first: a sender that never stops must not keep a new one out
            intake.look();
        }
        InboundLane found = intake.poll();
        if (found != null) {
            return found;
        }
        intake.look();
        found = intake.poll();
        if (found == null) {
            intake.checkEnd(false);
        }
        return found;
    }

    /// Finds the next message, waiting if need be.
    ///
    /// @return the lane that has it, or null if the deadline came first
    /// @throws LaneException if none is there and none can come, or if this end is closed meanwhile
    public @Nullable InboundLane next(Deadline deadline) throws InterruptedException {
        while (true) {
            if (intake.hasSignal()) { // first: a sender that never stops must not keep a new one out
                intake.look();
            }
            InboundLane found = intake.poll();
            if (found != null) {
                return found;
            }
            if (ended != null) {
                throw closed();
            }
            // What a look has found out is not told again, so before the spin; and a lane's end is
            // no reason to sleep.
            if (intake.checkEnd(true) || look(deadline) || intake.hasSignal()
                    || intake.isAnyEnded()) {
                continue;
            }
            if (deadline.isPast()) {
                return tryNext();
            }
            sleep(deadline);
        }
    }

    /// The next message that is there without asking anybody.
    public @Nullable InboundLane poll() {
        return intake.poll();
    }

    /// The descriptors of the lane's found message. Whoever takes them closes them.
    public List<Descriptor> takeDescriptors(InboundLane lane) {
        List<Descriptor> taken = intake.takeDescriptors(lane);
        lane.countFound(tally);
        return taken;
    }

    /// Gives back the space of everything consumed in a batch.
    public void publish() {
        intake.publish();
    }

    /// Readies this inbox for a wait, on it alone or on many things: says "asleep" on every lane
    /// and adds the sockets.
    ///
    /// @return whether sleeping is safe; [#disarm] follows in either case
    public boolean arm(PollSet set) {
        return intake.arm(set) && ended == null;
    }

    /// Says "awake" on every lane.
    public void disarm() {
        intake.disarm();
    }

    /// As [#spin] does; a long one, which some settings make, is recorded.
    private boolean look(Deadline deadline) {
        Object block = Flight.blockBegins();
        boolean isFound = spin(deadline);
        Flight.blockEnds(block, "message", 0, settings.messageType());
        return isFound;
    }

    /// Looks at the lanes for as long as the settings say.
    ///
    /// @return whether a record has come; otherwise there may be something else to see to
    private boolean spin(Deadline deadline) {
        long nanos = settings.spinNanos();
        if (nanos == 0) {
            return false;
        }
        long start = tally.spinsFrom(System.nanoTime());
        for (int looks = 1; !intake.isAnyReady(); looks++) {
            if (intake.hasSignal()
                    || (looks % LOOKS_A_CLOCK == 0 && isSpinOver(start, nanos, deadline))) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    private boolean isSpinOver(long start, long nanos, Deadline deadline) {
        return ended != null || Thread.currentThread().isInterrupted() || deadline.isPast()
                || intake.isAnyEnded() || tally.spinsUntil(System.nanoTime()) - start >= nanos;
    }

    private void sleep(Deadline deadline) throws InterruptedException {
        Waiter waiter = Waiter.borrow();
        waiting = waiter; // before arm looks at "ended": see close
        pollSet.clear();
        Object block = Flight.blockBegins();
        try {
            if (arm(pollSet)) {
                tally.asleep();
                waiter.await(pollSet, deadline);
            }
        } finally {
            tally.awake();
            Flight.blockEnds(block, "message", 0, settings.messageType());
            disarm();
            waiting = null;
            waiter.giveBack();
        }
        intake.takeNews(pollSet);
    }

    @Override
    public void onSignal() {
        intake.signal();
        if (!disconnectActions.isEmpty()) {
            Thread.ofVirtual().start(this::seeToActions);
        }
    }

    /// Has `action` run, once, on a thread of its own, when no sender is left; messages may still be
    /// there. Not if this end is closed or moves before.
    public void onDisconnect(Runnable action) {
        disconnectActions.add(this::isEnded, action);
        onSignal(); // they may be gone already
    }

    /// Looks for news, or has whoever is inside look.
    private void seeToActions() {
        while (intake.hasSignal() && !visit(intake::lookAside) && !guard.isClosed()) {
            wakeWaiting();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /// Whether a sender is left, as far as the kernel knows by now.
    public boolean isConnected() {
        boolean _ = visit(intake::lookAside);
        return ended == null && !intake.isEverySenderGone();
    }

    /// Whether a sender of another process sleeps because its ring is full, and nobody receives
    /// here.
    boolean hasWaitingSender() {
        boolean[] isSo = new boolean[1];
        return visit(() -> {
            intake.lookAside(); // its lane may not have been taken up
            isSo[0] = intake.isAnyWriterAsleep();
        }) && isSo[0];
    }

    /// The other side and what waits, for people: nothing that is waited for.
    public String describe() {
        StringBuilder text = new StringBuilder(peer == null ? "" : ", pid=" + peer.pid());
        if (!visit(() -> text.append(intake.describe()))) {
            text.append(", in use");
        }
        return text.append(", capacity=").append(settings.capacity()).toString();
    }

    /// Does something short inside on the library's own behalf, if nobody is there.
    private boolean visit(Runnable something) {
        if (!guard.visit()) {
            return false;
        }
        try {
            something.run();
        } finally {
            exit();
        }
        return true;
    }

    /// Goes in, as [#enter] does, and writes what another process needs to go on receiving. Then
    /// comes [#abandon], or [#stay] if the message was not sent; a close meanwhile waits for
    /// neither.
    public void board(Transfer transfer) {
        enter();
        isBoarded = true;
        try {
            settings.export(transfer);
            intake.export(transfer);
        } catch (RuntimeException failure) {
            stay();
            throw failure;
        }
    }

    /// Goes out again, for the message that was to take this receiver along has not gone.
    public void stay() {
        isBoarded = false; // before exit looks at "ended": see close
        exit();
    }

    /// Lets go of a receiver that has moved. Inside the guard, which never opens again.
    public void abandon(String reason) {
        ended = reason;
        intake.abandon();
        guard.closeFromInside();
    }

    /// Ends the receiver: a thread that waits in it is woken, senders learn at their next send.
    /// Waits for a handler that runs in another thread; called by the handler itself, it takes
    /// effect when that returns. On a receiver that is in a message being sent, it takes effect if
    /// that is not sent.
    public void close(String reason) {
        if (ended == null) {
            ended = reason;
        }
        if (guard.isInside()) {
            return;
        }
        boolean isInterrupted = false;
        while (!guard.tryClose()) {
            if (guard.isClosed() || isBoarded) { // "ended" is set before: one side sees the other
                restoreInterrupt(isInterrupted);
                return;
            }
            wakeWaiting();
            isInterrupted |= Thread.interrupted(); // else the pause is none
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        intake.close();
        restoreInterrupt(isInterrupted);
    }

    private static void restoreInterrupt(boolean isInterrupted) {
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void wakeWaiting() {
        Waiter current = waiting; // set before "ended" is looked at: one side sees the other
        if (current != null) {
            current.wakeup();
        }
    }

    private LaneException closed() {
        String reason = ended;
        return new LaneException(LaneException.Kind.CLOSED,
                reason == null ? "this receiver was closed" : reason);
    }
}
