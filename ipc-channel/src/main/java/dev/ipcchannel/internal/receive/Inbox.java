package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.EndContext;
import dev.ipcchannel.internal.end.Incoming;
import dev.ipcchannel.internal.end.IncomingMessage;
import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.wait.DisconnectActions;
import dev.ipcchannel.internal.wait.Guard;
import dev.ipcchannel.internal.wait.Owner;
import dev.ipcchannel.internal.wait.Watcher;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The receiver of a channel: it decides which thread may use it, how a message is waited for, and
/// how it ends. Its [Arrivals] handles what comes in.
///
/// Used by one thread at a time, between [#enter] and [#exit]. The queries, [#close], [#signal] and
/// [#onSignal] may come from any thread. From [#own] to [#disown] it belongs to an [Owner].
public final class Inbox implements Incoming, Watcher.Watched, Peer.Inbound {

    // A thread inside leaves by a plain store, which wakes no thread. A thread that waits for this,
    // never on a message's way, polls at this interval.
    private static final long PAUSE_NANOS = 50_000;
    private static final long LONGEST_PAUSE_NANOS = 10_000_000;

    /// The owner of a receiver while it is in a message that is being sent.
    private static final Owner MESSAGE = new Owner("a message that is being sent",
            "it is free again if that message is not sent");

    private final EndContext context;
    private final Guard guard = new Guard("this receiver");
    private final DisconnectActions disconnectActions = new DisconnectActions();
    private final Arrivals arrivals; // used inside the guard
    private final FoundMessage message; // used inside the guard
    private final MessageWait messageWait; // used inside the guard

    private volatile @Nullable String pinned; // the reason why it cannot move, if it cannot
    private volatile boolean isKilled; // by a test: it ends without a close word
    private volatile @Nullable String ended; // the reason why it is closed, if it is
    private boolean isParked; // parked in its set, and asleep on every lane; used inside the guard
    private Deadline parkedUntil = Deadline.NEVER; // used by the thread that selects
    // Whether a thread is in seeToActions.
    private final AtomicBoolean isSeenTo = new AtomicBoolean();
    private volatile Runnable whenEnded = () -> {};
    private volatile @Nullable IntConsumer whenDiscarded;

    /// Takes the announcement socket over.
    ///
    /// @param peer the process that the receiver came from, for messages
    public Inbox(Descriptor announcement, LaneSettings settings, @Nullable Peer peer) {
        this(EndContext.of(Counters.Side.RECEIVER, announcement, settings, peer));
    }

    /// Takes the announcement socket over.
    public Inbox(EndContext context) {
        this.context = context;
        context.holders().senderIsAt(context.peer()); // that process has it, or has sent it on
        this.arrivals = new Arrivals(context, this, disconnectActions);
        this.message = new FoundMessage(arrivals);
        this.messageWait = new MessageWait(context, arrivals, this::isEnded);
        arrivals.watch(); // last: the watcher may call at once
        context.counters().open(1);
    }

    /// Imports a receiver that another process exported. Takes its descriptors over; if that fails,
    /// the caller closes the descriptors that are still open.
    ///
    /// @throws LaneException if it does not have the form of a receiver
    public static Inbox importFrom(Transfer transfer, @Nullable Peer peer) {
        Inbox inbox = null;
        boolean isComplete = false;
        try {
            Transfer.Receiver receiver = transfer.readReceiver();
            inbox = new Inbox(receiver.announcement(), receiver.settings(), peer);
            inbox.arrivals.importFrom(receiver);
            if (peer != null) {
                peer.add(inbox); // last: other threads use it from now on
            }
            isComplete = true;
            return inbox;
        } catch (RuntimeException failure) {
            throw Breach.translated(failure, peer);
        } finally {
            if (!isComplete && inbox != null) {
                inbox.close("the receiver could not be taken up");
            }
        }
    }

    @Override
    public void show(String words) {
        guard.show(words);
    }

    @Override
    public LaneSettings settings() {
        return context.settings();
    }

    @Override
    public @Nullable Peer peer() {
        return context.peer();
    }

    @Override
    public Counters counters() {
        return context.counters();
    }

    @Override
    public boolean isEnded() {
        return ended != null;
    }

    /// Starts a verb. Throws as [#enter(Owner)] does.
    public void enter() {
        enter(null);
    }

    @Override
    public void enter(@Nullable Owner as) {
        // Before the guard: the thread inside may be leaving.
        if (ended != null || !guard.enter(as)) {
            throw closed();
        }
        if (ended != null) {
            exit();
            throw closed();
        }
    }

    @Override
    public boolean enterSoon(Membership of) {
        while (ended == null && !of.isOver()) {
            if (guard.tryEnter(of)) {
                return getUpOrLeave();
            }
            // A thread is inside for a moment: it adds this receiver to the set, or removes it.
            Pause.of(PAUSE_NANOS);
        }
        return false;
    }

    private boolean getUpOrLeave() {
        if (ended != null) {
            exit();
            return false;
        }
        unpark();
        return true;
    }

    @Override
    public void own(Owner next) {
        enter();
        guard.own(next);
        exit();
    }

    @Override
    public void disown() {
        guard.own(null);
    }

    /// Announces "awake" on every lane, if this receiver was parked in its set. Called inside.
    private void unpark() {
        if (isParked) {
            isParked = false;
            arrivals.disarm();
        }
    }

    @Override
    public void join(Membership joined) {
        enter();
        try {
            arrivals.join(joined);
            guard.own(joined);
        } finally {
            exit();
        }
    }

    @Override
    public void leave(Membership left) {
        if (guard.isInside()) {
            throw new IllegalStateException(
                    "a codec cannot take the receiver that it decodes for out of its set");
        }
        while (!guard.visit()) {
            if (guard.isClosed()) {
                left.end();
                return;
            }
            Pause.of(PAUSE_NANOS);
        }
        try {
            if (guard.isOwnedBy(left)) {
                arrivals.leave();
                unpark();
                guard.own(null);
            }
            left.end(); // inside: a set that finds the member gone must not look for it again
        } finally {
            exit();
        }
    }

    /// Announces "asleep" on every lane, if there is nothing to see: then the next message rings.
    @Override
    public boolean park(Membership of) {
        if (!enterSoon(of)) {
            return false;
        }
        try {
            isParked = arrivals.arm() && ended == null;
            if (!isParked) {
                arrivals.disarm();
            }
            parkedUntil = arrivals.untilFree(Deadline.NEVER);
            return isParked;
        } finally {
            exit();
        }
    }

    /// The time until which a test may delay a message.
    @Override
    public Deadline parkedUntil() {
        return parkedUntil;
    }

    @Override
    public boolean isReady() {
        return ended != null || arrivals.hasSignal() || arrivals.isAnyReady()
                || arrivals.isAnyEnded();
    }

    @Override
    public void signal() {
        arrivals.signal();
    }

    /// If the end was closed while the verb ran, this ends it.
    @Override
    public void exit() {
        if (ended == null) {
            guard.exit();
            return;
        }
        try {
            endArrivals();
        } finally {
            guard.closeFromInside(); // else every later close would wait for this thread
        }
        sayDiscarded();
    }

    private void endArrivals() {
        if (isKilled) {
            arrivals.lose();
        } else {
            arrivals.close(whenDiscarded != null);
        }
    }

    /// Called outside of the guard: the action may log, and wait for that.
    private void sayDiscarded() {
        IntConsumer action = whenDiscarded;
        if (action != null && arrivals.discarded() > 0) {
            action.accept(arrivals.discarded());
        }
    }

    @Override
    public @Nullable IncomingMessage tryNext() {
        if (arrivals.hasSignal()) { // first: a sender that never stops must not keep a new one out
            arrivals.look();
        }
        InboundLane found = arrivals.poll();
        if (found == null) {
            arrivals.look();
            found = arrivals.poll();
        }
        if (found != null) {
            return unlessEnded(found);
        }
        boolean _ = arrivals.checkEnd(Deadline.NOW);
        return arrivals.hasFreed() ? tryNext() : null;
    }

    /// The found message. A message that the other side sent because of a close here is not
    /// received: it was sent after [#end] had set the flag, so a thread that sees the message sees
    /// the flag.
    private FoundMessage unlessEnded(InboundLane found) {
        if (ended != null) {
            throw closed();
        }
        return message.at(found);
    }

    @Override
    public @Nullable IncomingMessage nextSignalled(Deadline patience) {
        if (arrivals.hasSignal()) {
            arrivals.look();
        }
        InboundLane found = arrivals.poll();
        if (found != null) {
            return message.at(found);
        }
        boolean _ = arrivals.checkEnd(patience);
        return arrivals.hasFreed() ? nextSignalled(patience) : null;
    }

    @Override
    public @Nullable IncomingMessage next(Deadline deadline) throws InterruptedException {
        while (true) {
            // First: a sender that never stops must not keep a new one out.
            if (arrivals.hasSignal()) {
                arrivals.look();
            }
            InboundLane found = arrivals.poll();
            if (found != null) {
                return unlessEnded(found);
            }
            if (ended != null) {
                throw closed();
            }
            // What a look has found is not notified again, so this comes before the spin.
            boolean hasGone = arrivals.checkEnd(deadline);
            if (!hasGone && messageWait.spin(deadline)) {
                continue;
            }
            if (deadline.isPast()) { // before all else: endless bells must not keep the thread here
                return tryNext();
            }
            if (hasGone || arrivals.hasSignal() || arrivals.isAnyEnded()) {
                continue; // no reason to sleep
            }
            messageWait.sleep(deadline);
        }
    }

    @Override
    public @Nullable IncomingMessage poll() {
        InboundLane found = arrivals.poll();
        return found == null ? null : message.at(found);
    }

    @Override
    public Marks marks() {
        return message.marks();
    }

    @Override
    public void count(long messages, long bytes) {
        context.counters().messages(messages, bytes);
    }

    @Override
    public void publish() {
        arrivals.publish();
    }

    /// Prepares this inbox for a wait on many things: announces "asleep" on every lane and adds the
    /// sockets.
    ///
    /// @return whether sleeping is safe; [#disarm] follows in either case
    public boolean arm(PollSet set) {
        return arrivals.arm(set) && ended == null;
    }

    /// Announces "awake" on every lane.
    public void disarm() {
        arrivals.disarm();
    }

    @Override
    public void onSignal(boolean isEnd) {
        arrivals.signal();
        messageWait.signal();
        if (!disconnectActions.isEmpty() && isSeenTo.compareAndSet(false, true)) {
            startToSee(); // one thread, however many signals come
        }
    }

    private void startToSee() {
        boolean isStarted = false;
        try {
            Thread.ofVirtual().start(this::seeToActions);
            isStarted = true;
        } finally {
            if (!isStarted) {
                isSeenTo.set(false);
            }
        }
    }

    @Override
    public void onDisconnect(Runnable action) {
        disconnectActions.add(this::isEnded, action);
        onSignal(false); // the senders may be gone already
    }

    /// Admits one counterpart of a receiver by name, by a way of its own, and writes what it needs
    /// to send by it. Called by any thread; does not wait.
    ///
    /// The new way is in the queue before "ended" is loaded here, and "ended" is set before a close
    /// empties the queue: so at least one of the two threads sees the other's store.
    ///
    /// @param member the counterpart's number, the same at each connection
    /// @param counterpart its process
    /// @param onBreach is given the failure of a counterpart that breaks the format, which is
    /// reported nowhere else; called inside; must not wait
    /// @param transfer the caller closes the descriptor in it, in any case
    /// @throws LaneException if this end is closed
    public WayIn admit(long member, Peer counterpart, Consumer<? super RuntimeException> onBreach,
            Transfer transfer) {
        context.holders().senderLeaves(); // before anything can come by it
        Sockets.Pair pair = Sockets.pair();
        boolean isTaken = false;
        WayIn way;
        try {
            transfer.write(new Transfer.Sender(settings(), pair.first()));
            isTaken = true;
            way = arrivals.add(pair.second(), member, counterpart, onBreach, this::haveSeenTo);
        } finally {
            if (!isTaken) {
                Sockets.leave(pair.first());
                Sockets.end(pair.second());
            }
        }
        if (ended != null) {
            arrivals.endThoseThatCome();
            throw closed();
        }
        messageWait.wakeup(); // a sleeping thread does not sleep on that socket yet
        signalOwner();
        return way;
    }

    /// Makes a thread look soon at what was signalled, even if none receives.
    private void haveSeenTo() {
        onSignal(false);
        messageWait.wakeup();
        signalOwner();
        if (isSeenTo.compareAndSet(false, true)) {
            startToSee();
        }
    }

    /// Looks for events, or makes the thread inside look, until there are none.
    private void seeToActions() {
        do {
            try {
                lookForActions();
            } finally {
                isSeenTo.set(false); // then look once more: a signal before this started no thread
            }
        } while (hasUnseenEvents() && isSeenTo.compareAndSet(false, true));
    }

    private void lookForActions() {
        long pause = PAUSE_NANOS;
        while (hasUnseenEvents()) {
            boolean isInside = visit(this::lookAside);
            if (hasUnseenEvents()) { // a flood, or a thread is inside, perhaps for long
                messageWait.wakeup();
                Pause.of(pause);
                pause = isInside ? PAUSE_NANOS : Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            }
        }
    }

    private boolean hasUnseenEvents() {
        return arrivals.hasEvents() && !guard.isClosed();
    }

    @Override
    public boolean isConnected() {
        boolean _ = visit(this::lookAside);
        return ended == null && !arrivals.isEverySenderGone();
    }

    @Override
    public boolean hasWaitingSender() {
        boolean[] isSo = new boolean[1];
        return visit(() -> {
            lookAside(); // that sender's lane may not have been taken up
            isSo[0] = arrivals.isAnyWriterAsleep();
        }) && isSo[0];
    }

    /// Whether it is in a set, and was parked there by the set's last call.
    public boolean isParked() {
        boolean[] isSo = {false};
        return visit(() -> isSo[0] = isParked) && isSo[0];
    }

    @Override
    public String describe() {
        Peer peer = context.peer();
        StringBuilder text = new StringBuilder(peer == null ? "" : ", pid=" + peer.pid());
        if (!visit(() -> text.append(arrivals.describe()))) {
            text.append(", in use");
        }
        return text.append(", capacity=").append(settings().capacity()).toString();
    }

    /// Looks for events without a receiving thread. The bells are off the socket then, so the owner
    /// is notified.
    private void lookAside() {
        arrivals.lookAside();
        signalOwner();
    }

    private void signalOwner() {
        Owner current = guard.owner();
        if (current != null) {
            current.signal();
        }
    }

    /// Runs something short inside for the library itself, if no thread is inside.
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

    /// Notes that this side has ended the arrivals: the end is not a sender's.
    ///
    /// @param reason a sentence for calls after all earlier messages were received
    public void leave(String reason) {
        arrivals.leave(reason);
    }

    @Override
    public boolean hasLeft() {
        return arrivals.hasLeft();
    }

    /// Binds this receiver to its process: from now on it cannot go into a message.
    ///
    /// @param reason a sentence for calls that try
    public void pin(String reason) {
        pinned = reason;
    }

    @Override
    public void export(Transfer transfer) {
        String reason = pinned;
        if (reason != null) {
            throw new IllegalStateException(reason);
        }
        enter();
        guard.own(MESSAGE);
        try {
            transfer.write(arrivals.exported());
        } catch (RuntimeException | Error failure) {
            notMoved();
            throw failure;
        }
    }

    @Override
    public void notMoved() {
        disown(); // before exit loads "ended": see close
        exit();
    }

    /// Called inside the guard, which never opens again.
    @Override
    public void moved(String reason, @Nullable Peer to) {
        context.holders().receiverIsAt(to);
        ended = reason;
        try {
            arrivals.abandon(context.holders().isOwn());
        } finally {
            guard.closeFromInside();
        }
    }

    /// Runs `action` at each close. It does not wait, and does nothing the second time.
    public void whenEnded(Runnable action) {
        whenEnded = action;
    }

    /// Runs `action` once this end is closed with messages that were not received, with their
    /// number.
    public void whenDiscarded(IntConsumer action) {
        whenDiscarded = action;
    }

    @Override
    public void end(String reason) {
        if (ended == null) {
            ended = reason;
        }
    }

    @Override
    public void close(String reason) {
        end(reason);
        whenEnded.run();
        signalOwner();
        if (guard.isInside()) {
            return;
        }
        while (!guard.tryClose()) {
            // "ended" is set before: one side sees the other
            if (guard.isClosed() || guard.isOwnedBy(MESSAGE)) {
                return;
            }
            messageWait.wakeup();
            Pause.of(PAUSE_NANOS);
        }
        endArrivals();
        sayDiscarded();
    }

    @Override
    public void endForgotten(String reason) {
        close(reason);
    }

    /// Ends the receiver as the end of its process would, but waits as [#close] does.
    public void kill(String reason) {
        isKilled = true; // before the end that it qualifies
        close(reason);
    }

    private LaneException closed() {
        String reason = ended;
        return new LaneException(LaneException.Kind.CLOSED,
                reason == null ? "this receiver was closed" : reason);
    }
}
