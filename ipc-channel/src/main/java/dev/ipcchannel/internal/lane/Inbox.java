package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.RefusedMemoryException;
import dev.ipcchannel.internal.posix.Waiter;
import dev.ipcchannel.internal.ring.RingViolation;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A channel's receiver: the reading end of the announcement socket, and a lane for each sending
/// process.
///
/// Used by one thread at a time, between [#enter] and [#exit]; [#close] and [#onSignal] may come
/// from any. The channel has ended when the announcement socket is at its end and every lane is at
/// its end and drained.
public final class Inbox implements Watcher.Watched {

    private static final int LOOKS_A_CLOCK = 64; // a look costs about a nanosecond, the clock 20
    private static final long CLOSE_PAUSE_NANOS = 50_000;

    private final LaneSettings settings;
    private final @Nullable Peer peer;
    private final Guard guard = new Guard();

    // Used inside the guard.
    private final Announcements announcements;
    private final LaneSet lanes = new LaneSet();
    private final PollSet pollSet = new PollSet();

    private volatile boolean hasSignal; // an announcement or a death, says the watcher
    private volatile @Nullable String ended; // why this end is over, if it is
    private volatile @Nullable Waiter waiting;
    private volatile boolean isBoarded; // in a message that has neither gone nor failed to go

    /// Takes the announcement socket over.
    ///
    /// @param peer the process that the receiver came from, for messages
    public Inbox(Descriptor announcement, LaneSettings settings, @Nullable Peer peer) {
        this.settings = settings;
        this.peer = peer;
        this.announcements = new Announcements(announcement, settings, this);
    }

    /// Takes up a receiver that another process exported. Its descriptors become ours, or are
    /// closed.
    ///
    /// @throws LaneException if it is not what a receiver has to be
    public static Inbox importFrom(Transfer transfer, @Nullable Peer peer) {
        Inbox inbox = null;
        try {
            LaneSettings settings =
                    new LaneSettings((int) transfer.nextWord(), transfer.nextWord());
            inbox = new Inbox(transfer.nextSocket(), settings, peer);
            inbox.announcements.setHasEnded(transfer.nextWord() != 0);
            inbox.lanes.setHasLostOne(transfer.nextWord() != 0);
            int laneCount = transfer.nextCount();
            for (int i = 0; i < laneCount; i++) {
                inbox.lanes.add(InboundLane.importFrom(transfer, settings, inbox));
            }
            transfer.checkEnd();
            return inbox;
        } catch (RuntimeException failure) {
            if (inbox != null) {
                inbox.close("the receiver could not be taken up");
            }
            throw inbox == null ? translated(failure, null) : inbox.translated(failure);
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
        tearDown();
        guard.closeFromInside();
    }

    /// Finds the next message, if one is there; asks the kernel once if none is.
    ///
    /// @return the lane that has it, or null
    /// @throws LaneException if none is there and none can come
    public @Nullable InboundLane tryNext() {
        if (hasSignal) { // first: a sender that never stops must not keep a new one out
            look();
        }
        InboundLane found = poll();
        if (found != null) {
            return found;
        }
        look();
        found = poll();
        if (found == null) {
            checkEnd();
        }
        return found;
    }

    /// Finds the next message, waiting if need be.
    ///
    /// @return the lane that has it, or null if the deadline came first
    /// @throws LaneException if none is there and none can come, or if this end is closed meanwhile
    public @Nullable InboundLane next(Deadline deadline) throws InterruptedException {
        while (true) {
            if (hasSignal) { // first: a sender that never stops must not keep a new one out
                look();
            }
            InboundLane found = poll();
            if (found != null) {
                return found;
            }
            if (ended != null) {
                throw closed();
            }
            checkEnd(); // before the spin: what a look has found out is not told again
            if (spin(deadline) || hasSignal) {
                continue;
            }
            checkEnd();
            if (deadline.isPast()) {
                return tryNext();
            }
            sleep(deadline);
        }
    }

    /// The next message that is there without asking anybody.
    public @Nullable InboundLane poll() {
        try {
            return lanes.poll();
        } catch (LaneSet.Breach breach) {
            throw translated(breach);
        }
    }

    /// The descriptors of the lane's found message. Whoever takes them closes them.
    public List<Descriptor> takeDescriptors(InboundLane lane) {
        try {
            return lane.takeDescriptors();
        } catch (RingViolation | PosixException | LaneException failure) {
            throw translated(lanes.breach(lane, failure));
        }
    }

    /// Gives back the space of everything consumed in a batch.
    public void publish() {
        lanes.publish();
    }

    /// Readies this inbox for a wait, on it alone or on many things: says "asleep" on every lane
    /// and adds the sockets.
    ///
    /// @return whether sleeping is safe; [#disarm] follows in either case
    public boolean arm(PollSet set) {
        addTo(set);
        return lanes.arm() && !hasSignal && ended == null;
    }

    /// Says "awake" on every lane.
    public void disarm() {
        lanes.disarm();
    }

    @Override
    public void onSignal() {
        hasSignal = true;
    }

    /// Goes in, as [#enter] does, and writes what another process needs to go on receiving. Then
    /// comes [#abandon], or [#stay] if the message was not sent; a close meanwhile waits for
    /// neither.
    public void board(Transfer transfer) {
        enter();
        isBoarded = true;
        try {
            export(transfer);
        } catch (RuntimeException failure) {
            stay();
            throw failure;
        }
    }

    private void export(Transfer transfer) {
        transfer.add(settings.capacity());
        transfer.add(settings.spinNanos());
        transfer.add(announcements.socket());
        transfer.add(announcements.hasEnded() ? 1 : 0);
        transfer.add(lanes.hasLostOne() ? 1 : 0);
        lanes.export(transfer);
    }

    /// Goes out again, for the message that was to take this receiver along has not gone.
    public void stay() {
        isBoarded = false; // before exit looks at "ended": see close
        exit();
    }

    /// Lets go of a receiver that has moved. Inside the guard, which never opens again.
    public void abandon(String reason) {
        ended = reason;
        lanes.abandon();
        announcements.abandon();
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
        while (!guard.tryClose()) {
            if (guard.isClosed() || isBoarded) { // "ended" is set before: one side sees the other
                return;
            }
            Waiter current = waiting; // set before "ended" is looked at: one side sees the other
            if (current != null) {
                current.wakeup();
            }
            LockSupport.parkNanos(CLOSE_PAUSE_NANOS);
        }
        tearDown();
    }

    private void tearDown() {
        try {
            announcements.takeInto(lanes); // so that those senders learn that it was a close
        } catch (RuntimeException _) {
            // What cannot be taken up is closed with the socket, which says enough.
        }
        lanes.close();
        announcements.close();
    }

    /// Looks at the lanes for as long as the settings say.
    ///
    /// @return whether a record has come; otherwise there may be something else to see to
    private boolean spin(Deadline deadline) {
        long nanos = settings.spinNanos();
        if (nanos == 0) {
            return false;
        }
        long start = System.nanoTime();
        for (int looks = 1; !lanes.isAnyReady(); looks++) {
            if (hasSignal || (looks % LOOKS_A_CLOCK == 0 && isSpinOver(start, nanos, deadline))) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    private boolean isSpinOver(long start, long nanos, Deadline deadline) {
        return ended != null || Thread.currentThread().isInterrupted() || deadline.isPast()
                || lanes.isAnyEnded() || System.nanoTime() - start >= nanos;
    }

    private void sleep(Deadline deadline) throws InterruptedException {
        Waiter waiter = Waiter.borrow();
        waiting = waiter; // before arm looks at "ended": see close
        pollSet.clear();
        try {
            if (arm(pollSet)) {
                waiter.await(pollSet, deadline);
            }
        } finally {
            disarm();
            waiting = null;
            waiter.giveBack();
        }
        takeReady();
    }

    /// Asks the kernel for news, without waiting.
    private void look() {
        hasSignal = false; // before the look: what comes after it sets the flag again
        pollSet.clear();
        addTo(pollSet);
        if (pollSet.look()) {
            takeReady();
        }
    }

    private void addTo(PollSet set) {
        if (!announcements.hasEnded()) {
            set.add(announcements.socket(), PollSet.READABLE);
        }
        lanes.addTo(set);
    }

    /// Takes what a wait on this inbox alone has found.
    private void takeReady() {
        int lanesFrom = announcements.hasEnded() ? 0 : 1;
        try {
            lanes.drainReady(pollSet, lanesFrom);
            if (lanesFrom == 1 && pollSet.isReady(0)) {
                if (announcements.takeInto(lanes)) {
                    hasSignal = true; // the watcher tells of each only once
                }
            }
        } catch (RuntimeException failure) {
            hasSignal = true; // there may be more behind what has failed
            throw translated(failure);
        }
    }

    /// Lets ended lanes go, and throws if that was all there was and nothing more can come.
    private void checkEnd() {
        lanes.removeEnded();
        if (announcements.hasEnded() && lanes.count() == 0) {
            String who = peer == null ? "" : ": " + peer.describe();
            throw new LaneException(LaneException.Kind.DISCONNECTED, lanes.hasLostOne()
                    ? "a sending process ended without closing its sender, and no other is left"
                            + who
                    : "every sender has been closed" + who);
        }
    }

    private RuntimeException translated(RuntimeException failure) {
        return translated(failure, peer);
    }

    /// What a sender did wrong, in one sentence; anything else stays what it is.
    private static RuntimeException translated(RuntimeException failure, @Nullable Peer peer) {
        if (failure instanceof RingViolation || failure instanceof RefusedMemoryException
                || failure instanceof LaneSet.Breach) {
            String who = peer == null ? "" : ", " + peer.describe();
            return new LaneException(LaneException.Kind.VIOLATION,
                    "a sender broke the format: " + failure.getMessage() + who, failure);
        }
        return failure;
    }

    private LaneException closed() {
        String reason = ended;
        return new LaneException(LaneException.Kind.CLOSED,
                reason == null ? "this receiver was closed" : reason);
    }
}
