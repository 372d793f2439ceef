package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.ring.RingWriter;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A process's way into a channel: the writing end of the announcement socket, and one lane, made
/// at the first send.
///
/// Shared by every sender of the process that came from the same one. A message that fits goes in
/// one short critical section; who waits for room or has a claim open has the [Turn] and uses the
/// lane alone. An outbox of one thread works the same way, with a lane of its own and no lock.
public final class Outbox {

    private final Descriptor announcement;
    private final LaneSettings settings;
    private final @Nullable Peer peer;
    private final Turn turn;
    private final RoomWait roomWait;

    // Used inside the turn's lock, or by whoever has the turn.
    private int shares;
    private @Nullable OutboundLane lane;
    private @Nullable LaneException failure; // once set, it is every answer

    private Outbox(Descriptor announcement, LaneSettings settings, @Nullable Thread owner,
            @Nullable Peer peer) {
        this.announcement = announcement;
        this.settings = settings;
        this.turn = new Turn(owner);
        this.peer = peer;
        this.roomWait = new RoomWait(settings.spinNanos());
    }

    /// An outbox for any thread. Takes the descriptor over; it is closed with the last share.
    ///
    /// @param peer the process that the sender came from, for messages
    public static Outbox shared(Descriptor announcement, LaneSettings settings,
            @Nullable Peer peer) {
        return new Outbox(announcement, settings, null, peer);
    }

    /// Takes up a sender that another process exported.
    ///
    /// @throws LaneException if it is not what a sender has to be
    public static Outbox importFrom(Transfer transfer, @Nullable Peer peer) {
        try {
            LaneSettings settings =
                    new LaneSettings((int) transfer.nextWord(), transfer.nextWord());
            Descriptor announcement = transfer.nextSocket();
            transfer.checkEnd();
            return shared(announcement, settings, peer);
        } catch (RingViolation violation) {
            throw new LaneException(LaneException.Kind.VIOLATION,
                    String.valueOf(violation.getMessage()), violation);
        }
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

    /// Another outbox into the same channel, for the calling thread alone, with a lane of its own.
    public Outbox exclusive(Share share) {
        return new Outbox(duplicateAnnouncement(share), settings, Thread.currentThread(), peer);
    }

    /// How the lanes of this channel are made.
    public LaneSettings settings() {
        return settings;
    }

    /// Whether it belongs to one thread.
    public boolean isExclusive() {
        return turn.hasOwner();
    }

    /// One more sender uses this outbox.
    public Share share() {
        turn.enter();
        try {
            shares++;
            return new Share();
        } finally {
            turn.exit();
        }
    }

    /// Sends one message if there is room now. Never waits, but for another thread's copy of one.
    ///
    /// @return false if there is no room, or another thread has the turn
    public boolean trySend(Share share, byte[] payload, int length, List<Descriptor> descriptors) {
        turn.enter();
        try {
            checkUsable(share);
            return turn.isFree() && offer(payload, length, descriptors);
        } catch (RingViolation violation) {
            throw poisoned(violation);
        } finally {
            turn.exit();
        }
    }

    /// Sends one message, waiting for room if need be.
    ///
    /// @return false if the deadline came first; nothing was sent then
    public boolean send(Share share, byte[] payload, int length, List<Descriptor> descriptors,
            Deadline deadline) throws InterruptedException {
        turn.enter();
        try {
            if (!awaitTurn(share, deadline)) {
                return false;
            }
            return offer(payload, length, descriptors)
                    || sendInTurn(share, payload, length, descriptors, deadline);
        } catch (RingViolation violation) {
            throw poisoned(violation);
        } finally {
            turn.exit();
        }
    }

    private boolean sendInTurn(Share share, byte[] payload, int length,
            List<Descriptor> descriptors, Deadline deadline) throws InterruptedException {
        turn.take();
        try {
            do {
                if (!awaitRoom(share, length, descriptors.size(), deadline)) {
                    return false;
                }
            } while (!offer(payload, length, descriptors));
            return true;
        } finally {
            turn.end();
        }
    }

    /// Reserves room for a payload if there is some now; then the caller has the turn until
    /// [#commit] or [#abort].
    ///
    /// @return the payload's index in [#view], or [RingWriter#FULL]
    public long tryClaim(Share share, int length) {
        turn.enter();
        try {
            checkUsable(share);
            return turn.isFree() ? offerClaim(length) : RingWriter.FULL;
        } catch (RingViolation violation) {
            throw poisoned(violation);
        } finally {
            turn.exit();
        }
    }

    /// Reserves room for a payload, waiting if need be; then the caller has the turn until
    /// [#commit] or [#abort].
    ///
    /// @return the payload's index in [#view], or [RingWriter#FULL] if the deadline came first
    public long claim(Share share, int length, Deadline deadline) throws InterruptedException {
        turn.enter();
        try {
            if (!awaitTurn(share, deadline)) {
                return RingWriter.FULL;
            }
            long index = offerClaim(length);
            return index != RingWriter.FULL ? index : claimInTurn(share, length, deadline);
        } catch (RingViolation violation) {
            throw poisoned(violation);
        } finally {
            turn.exit();
        }
    }

    private long claimInTurn(Share share, int length, Deadline deadline)
            throws InterruptedException {
        turn.take();
        long index = RingWriter.FULL;
        try {
            while (index == RingWriter.FULL && awaitRoom(share, length, 0, deadline)) {
                index = offerClaim(length);
            }
            return index;
        } finally {
            if (index == RingWriter.FULL) {
                turn.end();
            }
        }
    }

    /// The ring's data, for the payload of the open claim.
    public MemorySegment view() {
        return claimedLane().view();
    }

    /// Sends the claimed message.
    public void commit() {
        claimedLane().commit(0);
        endClaim();
    }

    /// Gives the claimed room up.
    public void abort() {
        claimedLane().abort();
        endClaim();
    }

    /// Whether the calling thread has a claim open, and nobody has closed the lane under it.
    public boolean isClaimedHere() {
        return turn.isMine() && lane != null;
    }

    /// Checks that the calling thread has a claim open.
    ///
    /// @throws IllegalStateException if it has not
    public void checkClaimed() {
        claimedLane();
    }

    /// Ends one sender's share: whoever waits on its behalf is woken. With the last share the lane
    /// ends in order; then it waits for another thread that has a claim open.
    ///
    /// @param reason a sentence for whoever uses the sender again
    public void end(Share share, String reason) {
        turn.enter();
        try {
            if (!share.end(reason)) {
                return;
            }
            shares--;
            roomWait.wakeup();
            turn.wakeAll();
            if (shares == 0) {
                turn.awaitOthers();
                closeLane();
                turn.end(); // a claim of this very thread has gone with the lane
            }
        } finally {
            turn.exit();
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

    private Descriptor duplicateAnnouncement(Share share) {
        turn.enter();
        try {
            share.checkOpen();
            return announcement.duplicate();
        } finally {
            turn.exit();
        }
    }

    private void checkUsable(Share share) {
        share.checkOpen();
        if (turn.isMine()) {
            throw new IllegalStateException("this thread has a claim open on this channel: "
                    + "commit or close it first");
        }
        LaneException former = failure;
        if (former != null) {
            throw new LaneException(former.kind(), String.valueOf(former.getMessage()), former);
        }
    }

    private boolean awaitTurn(Share share, Deadline deadline) throws InterruptedException {
        checkUsable(share);
        if (turn.isFree()) {
            return true;
        }
        boolean isFree = turn.awaitFree(share, deadline);
        checkUsable(share);
        return isFree;
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
                turn.take();
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

    /// What ended this outbox, with all that is known of the receiver's process, for every later
    /// call. What has run out may come back, and is not remembered.
    private LaneException remembered(LaneException ended) {
        if (ended.kind() == LaneException.Kind.EXHAUSTED) {
            return ended;
        }
        String who = peer == null ? "" : ": " + peer.describe();
        LaneException known = new LaneException(ended.kind(), ended.getMessage() + who, ended);
        failure = known;
        return known;
    }

    private LaneException poisoned(RingViolation violation) {
        return remembered(new LaneException(LaneException.Kind.VIOLATION,
                "the receiver broke the format: " + violation.getMessage(), violation));
    }

    /// Waits, in turn and without the lock, until an offer is worth another try.
    ///
    /// @return false if the deadline has come
    private boolean awaitRoom(Share share, int length, int descriptors, Deadline deadline)
            throws InterruptedException {
        if (deadline.isPast()) {
            return false;
        }
        OutboundLane current = lane;
        turn.exit(); // having the turn keeps everybody else off the lane
        try {
            if (current == null) {
                roomWait.awaitAnnouncement(announcement, share, deadline);
            } else {
                roomWait.awaitRoom(current, share, length, descriptors, deadline);
            }
        } finally {
            turn.enter();
        }
        share.checkOpen();
        return true;
    }

    private OutboundLane claimedLane() {
        OutboundLane current = lane;
        if (current == null || !turn.isMine()) {
            throw new IllegalStateException("no claim of this thread is open on this channel");
        }
        return current;
    }

    private void endClaim() {
        turn.enter();
        try {
            turn.end();
        } finally {
            turn.exit();
        }
    }
}
