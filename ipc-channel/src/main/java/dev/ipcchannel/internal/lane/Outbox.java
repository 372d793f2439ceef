package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.Waiter;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.ring.RingWriter;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A process's way into a channel: the writing end of the announcement socket, and one lane, made
/// at the first send.
///
/// Shared by every sender of the process that came from the same one. A message that fits goes in
/// one short critical section. Who must wait for room, or has a claim open, has the *turn*: it
/// alone uses the lane meanwhile, without the lock, and everybody else waits for the turn, so that
/// a long message is not overtaken for ever by short ones. The lock itself is never held across a
/// wait or across user code.
///
/// An outbox that belongs to one thread works the same way, with a lane of its own and without the
/// lock.
@SuppressWarnings("ReferenceEquality") // threads are meant by identity
public final class Outbox {

    // Looking costs about a nanosecond, the clock twenty.
    private static final int LOOKS_A_CLOCK = 64;

    private final Descriptor announcement;
    private final LaneSettings settings;
    private final @Nullable Thread owner;
    private final PollSet pollSet = new PollSet(); // of whoever has the turn
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition turnFree = lock.newCondition();

    // All guarded by the lock, or by the owner being one thread.
    private int shares;
    private @Nullable Thread turn;
    private @Nullable OutboundLane lane;
    private @Nullable LaneException failure; // once set, it is every answer

    private volatile @Nullable Waiter waiting;

    private Outbox(Descriptor announcement, LaneSettings settings, @Nullable Thread owner) {
        this.announcement = announcement;
        this.settings = settings;
        this.owner = owner;
    }

    /// An outbox for any thread. Takes the descriptor over; it is closed with the last share.
    public static Outbox shared(Descriptor announcement, LaneSettings settings) {
        return new Outbox(announcement, settings, null);
    }

    /// Another outbox into the same channel, for the calling thread alone, with a lane of its own.
    public Outbox exclusive(Share share) {
        return new Outbox(duplicateAnnouncement(share), settings, Thread.currentThread());
    }

    /// Writes what another process needs to send into this channel. The descriptor in it is the
    /// caller's to close.
    public Transfer export(Share share) {
        Transfer transfer = new Transfer();
        transfer.add(settings.capacity());
        transfer.add(settings.spinNanos());
        transfer.add(duplicateAnnouncement(share));
        return transfer;
    }

    /// Takes up a sender that another process exported.
    ///
    /// @throws LaneException if it is not what a sender has to be
    public static Outbox importFrom(Transfer transfer) {
        try {
            LaneSettings settings =
                    new LaneSettings((int) transfer.nextWord(), transfer.nextWord());
            Descriptor announcement = transfer.nextSocket();
            transfer.checkEnd();
            return shared(announcement, settings);
        } catch (RingViolation violation) {
            throw new LaneException(LaneException.Kind.VIOLATION,
                    String.valueOf(violation.getMessage()), violation);
        }
    }

    /// How the lanes of this channel are made.
    public LaneSettings settings() {
        return settings;
    }

    /// Whether it belongs to one thread.
    public boolean isExclusive() {
        return owner != null;
    }

    /// One more sender uses this outbox.
    public Share share() {
        enter();
        try {
            shares++;
            return new Share();
        } finally {
            exit();
        }
    }

    /// The announcement socket, once more: what a message that carries a sender takes along.
    public Descriptor duplicateAnnouncement(Share share) {
        enter();
        try {
            share.checkOpen();
            return announcement.duplicate();
        } finally {
            exit();
        }
    }

    /// Sends one message if there is room now. Never waits, but for another thread's copy of a
    /// message.
    ///
    /// @return false if there is no room, or another thread has the turn
    public boolean trySend(Share share, byte[] payload, int length, List<Descriptor> descriptors) {
        enter();
        try {
            checkUsable(share);
            return turn == null && offer(payload, length, descriptors);
        } catch (RingViolation violation) {
            throw poisoned(violation);
        } finally {
            exit();
        }
    }

    /// Sends one message, waiting for room if need be.
    ///
    /// @return false if the deadline came first; nothing was sent then
    public boolean send(Share share, byte[] payload, int length, List<Descriptor> descriptors,
            Deadline deadline)
            throws InterruptedException {
        enter();
        try {
            if (!awaitTurn(share, deadline)) {
                return false;
            }
            if (offer(payload, length, descriptors)) {
                return true;
            }
            turn = Thread.currentThread();
            try {
                do {
                    if (!awaitRoom(share, length, descriptors.size(), deadline)) {
                        return false;
                    }
                } while (!offer(payload, length, descriptors));
                return true;
            } finally {
                endTurn();
            }
        } catch (RingViolation violation) {
            throw poisoned(violation);
        } finally {
            exit();
        }
    }

    /// Reserves room for a payload if there is some now; then the caller has the turn until
    /// [#commit] or [#abort].
    ///
    /// @return the payload's index in [#view], or [RingWriter#FULL]
    public long tryClaim(Share share, int length) {
        enter();
        try {
            checkUsable(share);
            return turn == null ? offerClaim(length) : RingWriter.FULL;
        } catch (RingViolation violation) {
            throw poisoned(violation);
        } finally {
            exit();
        }
    }

    /// Reserves room for a payload, waiting if need be; then the caller has the turn until
    /// [#commit] or [#abort].
    ///
    /// @return the payload's index in [#view], or [RingWriter#FULL] if the deadline came first
    public long claim(Share share, int length, Deadline deadline) throws InterruptedException {
        enter();
        try {
            if (!awaitTurn(share, deadline)) {
                return RingWriter.FULL;
            }
            long index = offerClaim(length);
            if (index != RingWriter.FULL) {
                return index;
            }
            turn = Thread.currentThread();
            try {
                while (index == RingWriter.FULL && awaitRoom(share, length, 0, deadline)) {
                    index = offerClaim(length);
                }
                return index;
            } finally {
                if (index == RingWriter.FULL) {
                    endTurn();
                }
            }
        } catch (RingViolation violation) {
            throw poisoned(violation);
        } finally {
            exit();
        }
    }

    /// The ring's data, for the payload of the open claim.
    public MemorySegment view() {
        return claimedLane().view();
    }

    /// Sends the claimed message.
    public void commit() {
        OutboundLane claimed = claimedLane();
        claimed.commit(0);
        leaveClaim();
    }

    /// Gives the claimed room up.
    public void abort() {
        OutboundLane claimed = claimedLane();
        claimed.abort();
        leaveClaim();
    }

    /// Whether the receiver is known to be gone. What is not yet known, the next send finds out.
    public boolean isReceiverGone() {
        enter();
        try {
            OutboundLane current = lane;
            return failure != null || (current != null && current.isReceiverGone());
        } finally {
            exit();
        }
    }

    /// Ends one sender's share: whoever waits on behalf of it is woken. With the last share the
    /// lane ends in order; then it waits for another thread that has a claim open.
    ///
    /// @param reason a sentence for whoever uses the sender again
    public void end(Share share, String reason) {
        enter();
        try {
            if (!share.end(reason)) {
                return;
            }
            shares--;
            wakeWaiters();
            if (shares > 0) {
                return;
            }
            while (turn != null && turn != Thread.currentThread()) {
                turnFree.awaitUninterruptibly();
            }
            closeLane();
        } finally {
            exit();
        }
    }

    private void wakeWaiters() {
        // Set before the share is looked at: one of the two sides sees the other.
        Waiter current = waiting;
        if (current != null) {
            current.wakeup();
        }
        if (owner == null) {
            turnFree.signalAll();
        }
    }

    private void closeLane() {
        OutboundLane current = lane;
        lane = null;
        if (current != null) {
            current.close();
        }
        announcement.close();
    }

    private void enter() {
        if (owner == null) {
            lock.lock();
        } else if (owner != Thread.currentThread()) {
            throw new IllegalStateException(
                    "an exclusive sender belongs to the thread that made it: owner=%s, caller=%s"
                            .formatted(owner.getName(), Thread.currentThread().getName()));
        }
    }

    private void exit() {
        if (owner == null) {
            lock.unlock();
        }
    }

    private void checkUsable(Share share) {
        share.checkOpen();
        if (turn == Thread.currentThread()) {
            throw new IllegalStateException(
                    "this thread has a claim open on this channel: commit or close it first");
        }
        LaneException former = failure;
        if (former != null) {
            throw new LaneException(former.kind(), String.valueOf(former.getMessage()), former);
        }
    }

    private boolean awaitTurn(Share share, Deadline deadline) throws InterruptedException {
        checkUsable(share);
        while (turn != null) {
            long nanos = deadline.remainingNanos();
            if (nanos == 0) {
                return false;
            }
            turnFree.await(nanos, TimeUnit.NANOSECONDS);
            checkUsable(share);
        }
        return true;
    }

    private void endTurn() {
        turn = null;
        if (owner == null) {
            // All: one of them may be a close, which does not pass the turn on.
            turnFree.signalAll();
        }
    }

    private boolean offer(byte[] payload, int length, List<Descriptor> descriptors) {
        try {
            OutboundLane current = openLane();
            return current != null && current.offer(payload, length, descriptors);
        } catch (LaneException ended) {
            throw remembered(ended);
        }
    }

    private long offerClaim(int length) {
        try {
            OutboundLane current = openLane();
            long index = current == null ? RingWriter.FULL : current.claim(length);
            if (index != RingWriter.FULL) {
                turn = Thread.currentThread();
            }
            return index;
        } catch (LaneException ended) {
            throw remembered(ended);
        }
    }

    private @Nullable OutboundLane openLane() {
        OutboundLane current = lane;
        if (current == null) {
            current = OutboundLane.open(announcement, settings.capacity());
            lane = current;
        }
        return current;
    }

    private LaneException remembered(LaneException ended) {
        if (ended.kind() != LaneException.Kind.EXHAUSTED) { // what has run out may come back
            failure = ended;
        }
        return ended;
    }

    private LaneException poisoned(RingViolation violation) {
        return remembered(
                new LaneException(LaneException.Kind.VIOLATION, "the receiver broke the format: "
                        + violation.getMessage(), violation));
    }

    /// Waits, in turn and without the lock, until an offer is worth another try.
    private boolean awaitRoom(Share share, int length, int descriptors, Deadline deadline)
            throws InterruptedException {
        if (deadline.isPast()) {
            return false;
        }
        OutboundLane current = lane;
        exit(); // the turn keeps everybody else off the lane
        try {
            if (current == null || !spin(current, share, length, deadline)) {
                sleep(current, share, length, descriptors, deadline);
            }
        } finally {
            enter();
        }
        share.checkOpen();
        return true;
    }

    private boolean spin(OutboundLane current, Share share, int length, Deadline deadline) {
        if (settings.spinNanos() == 0) {
            return false;
        }
        long start = System.nanoTime();
        for (int looks = 1;; looks++) {
            if (current.isReady(length)) {
                return true;
            }
            Thread.onSpinWait();
            if (looks % LOOKS_A_CLOCK == 0) {
                if (share.isEnded() || Thread.currentThread().isInterrupted() || deadline.isPast()
                        || System.nanoTime() - start >= settings.spinNanos()) {
                    return share.isEnded();
                }
            }
        }
    }

    private void sleep(@Nullable OutboundLane current, Share share, int length, int descriptors,
            Deadline deadline)
            throws InterruptedException {
        Waiter waiter = Waiter.borrow();
        waiting = waiter; // before the look at the share: see wakeWaiters
        boolean isReady = false;
        try {
            boolean isQuiet;
            if (current == null) {
                // No room for the announcement: it comes when the receiver takes some up.
                pollSet.clear();
                pollSet.add(announcement, PollSet.WRITABLE);
                isQuiet = true;
            } else {
                isQuiet = current.arm(pollSet, length, descriptors);
            }
            if (isQuiet && !share.isEnded()) {
                waiter.await(pollSet, deadline);
                isReady = pollSet.isReady(0);
            }
        } finally {
            waiting = null;
            waiter.giveBack();
            if (current != null) {
                current.disarm(isReady);
            }
        }
    }

    private OutboundLane claimedLane() {
        OutboundLane current = lane;
        if (current == null || turn != Thread.currentThread()) {
            throw new IllegalStateException("no claim of this thread is open on this channel");
        }
        return current;
    }

    private void leaveClaim() {
        enter();
        try {
            endTurn();
        } finally {
            exit();
        }
    }
}
