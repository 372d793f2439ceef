package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.internal.end.EndContext;
import dev.ipcchannel.internal.end.Incoming;
import dev.ipcchannel.internal.end.IncomingMessage;
import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.end.Tally;
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

/// A channel's receiver: who may use it now, how a message is waited for, and how it ends. What
/// comes in is its [Intake]'s.
///
/// Used by one thread at a time, between [#enter] and [#exit]; the questions about it, [#close],
/// [#signal] and [#onSignal] may come from any. What has it for itself is its [Owner], from [#own]
/// to [#disown].
public final class Inbox implements Incoming, Watcher.Watched, Peer.Inbound {

    // A thread inside goes out by a store alone, which cannot wake anybody: who waits for that,
    // which nobody does on a message's way, looks so often.
    private static final long PAUSE_NANOS = 50_000;
    private static final long LONGEST_PAUSE_NANOS = 10_000_000;

    /// Owns a receiver in a message that has neither gone nor failed to go.
    private static final Owner MESSAGE = new Owner("a message that is being sent",
            "it is free again if that message is not sent");

    private final EndContext context;
    private final Guard guard = new Guard("this receiver");
    private final DisconnectActions disconnectActions = new DisconnectActions();
    private final Intake intake; // used inside the guard
    private final FoundMessage message; // used inside the guard
    private final MessageWait messageWait; // used inside the guard

    private volatile @Nullable String pinned; // why it cannot move, if it cannot
    private volatile boolean isKilled; // by a test: it ends without a word
    private volatile @Nullable String ended; // why this end is over, if it is
    private boolean isAtRest; // in its set, and asleep on every lane; used inside the guard
    private Deadline restsUntil = Deadline.NEVER; // used by the thread that selects
    private final AtomicBoolean isSeenTo = new AtomicBoolean(); // a thread is in seeToActions
    private volatile Runnable whenEnded = () -> {};
    private volatile @Nullable IntConsumer whenDiscarded;

    /// Takes the announcement socket over.
    ///
    /// @param peer the process that the receiver came from, for messages
    public Inbox(Descriptor announcement, LaneSettings settings, @Nullable Peer peer) {
        this(EndContext.of(Tally.Side.RECEIVER, announcement, settings, peer));
    }

    /// Takes the announcement socket over.
    public Inbox(EndContext context) {
        this.context = context;
        context.holders().senderIsAt(context.peer()); // which has it, or has sent it on
        this.intake = new Intake(context, this, disconnectActions);
        this.message = new FoundMessage(intake);
        this.messageWait = new MessageWait(context, intake, this::isEnded);
        intake.watch(); // last: the watcher may call at once
        context.tally().open(1);
    }

    /// Takes up a receiver that another process exported. Its descriptors become ours; where that
    /// fails, those that are open still are the caller's to close.
    ///
    /// @throws LaneException if it is not what a receiver has to be
    public static Inbox importFrom(Transfer transfer, @Nullable Peer peer) {
        Inbox inbox = null;
        boolean isComplete = false;
        try {
            Transfer.Receiver receiver = transfer.readReceiver();
            inbox = new Inbox(receiver.announcement(), receiver.settings(), peer);
            inbox.intake.importFrom(receiver);
            if (peer != null) {
                peer.add(inbox); // last: others look into it from now on
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
    public Tally tally() {
        return context.tally();
    }

    @Override
    public boolean isEnded() {
        return ended != null;
    }

    /// Starts a verb. Throws what [#enter(Owner)] throws.
    public void enter() {
        enter(null);
    }

    @Override
    public void enter(@Nullable Owner as) {
        if (ended != null || !guard.enter(as)) { // before the guard: who is inside may be leaving
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
            // A thread is inside for a moment: it takes this receiver into the set, or out of it.
            Pause.of(PAUSE_NANOS);
        }
        return false;
    }

    private boolean getUpOrLeave() {
        if (ended != null) {
            exit();
            return false;
        }
        getUp();
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

    /// Says "awake" on every lane, if this receiver was at rest in its set. Inside.
    private void getUp() {
        if (isAtRest) {
            isAtRest = false;
            intake.disarm();
        }
    }

    @Override
    public void join(Membership joined) {
        enter();
        try {
            intake.join(joined);
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
                intake.leave();
                getUp();
                guard.own(null);
            }
            left.end(); // inside: a set that finds it gone must not go on looking for it
        } finally {
            exit();
        }
    }

    /// Says "asleep" on every lane, if there is nothing to see: then the next message rings.
    @Override
    public boolean rest(Membership of) {
        if (!enterSoon(of)) {
            return false;
        }
        try {
            isAtRest = intake.arm() && ended == null;
            if (!isAtRest) {
                intake.disarm();
            }
            restsUntil = intake.untilFree(Deadline.NEVER);
            return isAtRest;
        } finally {
            exit();
        }
    }

    /// A test may hold messages back until then.
    @Override
    public Deadline restsUntil() {
        return restsUntil;
    }

    @Override
    public boolean isReady() {
        return ended != null || intake.hasSignal() || intake.isAnyReady() || intake.isAnyEnded();
    }

    @Override
    public void signal() {
        intake.signal();
    }

    /// If the end was closed while the verb ran, it goes now.
    @Override
    public void exit() {
        if (ended == null) {
            guard.exit();
            return;
        }
        try {
            endIntake();
        } finally {
            guard.closeFromInside(); // else every later close would wait for this thread
        }
        sayDiscarded();
    }

    private void endIntake() {
        if (isKilled) {
            intake.lose();
        } else {
            intake.close(whenDiscarded != null);
        }
    }

    /// Outside of the guard: what it runs may log, and wait for that.
    private void sayDiscarded() {
        IntConsumer action = whenDiscarded;
        if (action != null && intake.discarded() > 0) {
            action.accept(intake.discarded());
        }
    }

    @Override
    public @Nullable IncomingMessage tryNext() {
        if (intake.hasSignal()) { // first: a sender that never stops must not keep a new one out
            intake.look();
        }
        InboundLane found = intake.poll();
        if (found == null) {
            intake.look();
            found = intake.poll();
        }
        if (found != null) {
            return unlessEnded(found);
        }
        boolean _ = intake.checkEnd(Deadline.NOW);
        return intake.hasFreed() ? tryNext() : null;
    }

    /// What the other side says because of a close here is not received any more: it learns of that
    /// after [#end] has set the flag, so whoever sees its answer sees the flag.
    private FoundMessage unlessEnded(InboundLane found) {
        if (ended != null) {
            throw closed();
        }
        return message.at(found);
    }

    @Override
    public @Nullable IncomingMessage nextTold(Deadline patience) {
        if (intake.hasSignal()) {
            intake.look();
        }
        InboundLane found = intake.poll();
        if (found != null) {
            return message.at(found);
        }
        boolean _ = intake.checkEnd(patience);
        return intake.hasFreed() ? nextTold(patience) : null;
    }

    @Override
    public @Nullable IncomingMessage next(Deadline deadline) throws InterruptedException {
        while (true) {
            // First: a sender that never stops must not keep a new one out.
            if (intake.hasSignal()) {
                intake.look();
            }
            InboundLane found = intake.poll();
            if (found != null) {
                return unlessEnded(found);
            }
            if (ended != null) {
                throw closed();
            }
            // What a look has found out is not told again, so before the spin.
            boolean hasGone = intake.checkEnd(deadline);
            if (!hasGone && messageWait.spin(deadline)) {
                continue;
            }
            if (deadline.isPast()) { // before all else: who rings and rings must not keep us here
                return tryNext();
            }
            if (hasGone || intake.hasSignal() || intake.isAnyEnded()) {
                continue; // no reason to sleep
            }
            messageWait.sleep(deadline);
        }
    }

    @Override
    public @Nullable IncomingMessage poll() {
        InboundLane found = intake.poll();
        return found == null ? null : message.at(found);
    }

    @Override
    public Marks marks() {
        return message.marks();
    }

    @Override
    public void count(long messages, long bytes) {
        context.tally().messages(messages, bytes);
    }

    @Override
    public void publish() {
        intake.publish();
    }

    /// Readies this inbox for a wait on many things: says "asleep" on every lane and adds the
    /// sockets.
    ///
    /// @return whether sleeping is safe; [#disarm] follows in either case
    public boolean arm(PollSet set) {
        return intake.arm(set) && ended == null;
    }

    /// Says "awake" on every lane.
    public void disarm() {
        intake.disarm();
    }

    @Override
    public void onSignal(boolean isEnd) {
        intake.signal();
        messageWait.tell();
        if (!disconnectActions.isEmpty() && isSeenTo.compareAndSet(false, true)) {
            startToSee(); // one thread, however often we are told
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
        onSignal(false); // they may be gone already
    }

    /// Lets one counterpart of a receiver by name in, by a way of its own, and writes what it needs
    /// to send by it. Any thread; it does not wait.
    ///
    /// The new way is in the queue before "ended" is looked at here, and "ended" is set before the
    /// queue is emptied by a close: so one of the two sees it.
    ///
    /// @param member its number, the same each time it is met
    /// @param counterpart its process
    /// @param onBreach is given the failure of one that breaks the format, which nobody else is
    /// told; inside, and it does not wait
    /// @param transfer the descriptor in it is the caller's to close, in any case
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
            way = intake.add(pair.second(), member, counterpart, onBreach, this::haveSeenTo);
        } finally {
            if (!isTaken) {
                Sockets.leave(pair.first());
                Sockets.end(pair.second());
            }
        }
        if (ended != null) {
            intake.endThoseThatCome();
            throw closed();
        }
        messageWait.wakeup(); // whoever sleeps does not sleep on that socket
        tellOwner();
        return way;
    }

    /// Has what was signalled looked at soon, though nobody receives.
    private void haveSeenTo() {
        onSignal(false);
        messageWait.wakeup();
        tellOwner();
        if (isSeenTo.compareAndSet(false, true)) {
            startToSee();
        }
    }

    /// Looks for news, or has whoever is inside look, until there are none.
    private void seeToActions() {
        do {
            try {
                lookForActions();
            } finally {
                isSeenTo.set(false); // then look once more: who came before started no thread
            }
        } while (hasUnseenNews() && isSeenTo.compareAndSet(false, true));
    }

    private void lookForActions() {
        long pause = PAUSE_NANOS;
        while (hasUnseenNews()) {
            boolean isInside = visit(this::lookAside);
            if (hasUnseenNews()) { // a flood, or somebody is inside, perhaps for long
                messageWait.wakeup();
                Pause.of(pause);
                pause = isInside ? PAUSE_NANOS : Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            }
        }
    }

    private boolean hasUnseenNews() {
        return intake.hasNews() && !guard.isClosed();
    }

    @Override
    public boolean isConnected() {
        boolean _ = visit(this::lookAside);
        return ended == null && !intake.isEverySenderGone();
    }

    @Override
    public boolean hasWaitingSender() {
        boolean[] isSo = new boolean[1];
        return visit(() -> {
            lookAside(); // its lane may not have been taken up
            isSo[0] = intake.isAnyWriterAsleep();
        }) && isSo[0];
    }

    /// Whether it is in a set, and was found empty there when the set was asked last.
    public boolean isAtRest() {
        boolean[] isSo = {false};
        return visit(() -> isSo[0] = isAtRest) && isSo[0];
    }

    @Override
    public String describe() {
        Peer peer = context.peer();
        StringBuilder text = new StringBuilder(peer == null ? "" : ", pid=" + peer.pid());
        if (!visit(() -> text.append(intake.describe()))) {
            text.append(", in use");
        }
        return text.append(", capacity=").append(settings().capacity()).toString();
    }

    /// Looks for news on nobody's behalf: what rang is off the socket then, so the owner is told.
    private void lookAside() {
        intake.lookAside();
        tellOwner();
    }

    private void tellOwner() {
        Owner current = guard.owner();
        if (current != null) {
            current.tell();
        }
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

    /// Nothing more comes, by this side's own doing: the end is no sender's.
    ///
    /// @param reason a sentence for those who have received all that had come before
    public void leave(String reason) {
        intake.leave(reason);
    }

    @Override
    public boolean hasLeft() {
        return intake.hasLeft();
    }

    /// Keeps this receiver in its process: from now on it cannot go into a message.
    ///
    /// @param reason a sentence for those who try
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
            transfer.write(intake.exported());
        } catch (RuntimeException | Error failure) {
            stayed();
            throw failure;
        }
    }

    @Override
    public void stayed() {
        disown(); // before exit looks at "ended": see close
        exit();
    }

    /// Inside the guard, which never opens again.
    @Override
    public void moved(String reason, @Nullable Peer to) {
        context.holders().receiverIsAt(to);
        ended = reason;
        try {
            intake.abandon(context.holders().isOwn());
        } finally {
            guard.closeFromInside();
        }
    }

    /// Has `action` run at each close. It does not wait, and does nothing the second time.
    public void whenEnded(Runnable action) {
        whenEnded = action;
    }

    /// Has `action` run once this end is closed with messages that were not received, with their
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
        tellOwner();
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
        endIntake();
        sayDiscarded();
    }

    @Override
    public void endForgotten(String reason) {
        close(reason);
    }

    /// Ends the receiver as the end of its process would, but waits as [#close] does.
    public void kill(String reason) {
        isKilled = true; // before the end of which it tells the kind
        close(reason);
    }

    private LaneException closed() {
        String reason = ended;
        return new LaneException(LaneException.Kind.CLOSED,
                reason == null ? "this receiver was closed" : reason);
    }
}
