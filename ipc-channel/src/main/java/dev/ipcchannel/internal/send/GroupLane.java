package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.wire.LaneException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// One receiver of a [Group]: the way to it, and the group's claim there. Used by the thread that
/// has the group's turn, or under its lock; whether it has left is written and read under the lock.
class GroupLane {

    private final Share way;
    private long index = RingWriter.FULL; // of the claim's payload; FULL without one
    private boolean isFilled; // the message is there
    private boolean isReady; // the claim needs its commit only
    private boolean isPassedOver; // by the message that is being sent
    private boolean hasLeft;
    private final Backlog backlog; // these under the lock
    private boolean isDrained;
    private long dropped;
    private long message; // in whose claims it is; 0 for none

    GroupLane(Share way) {
        this(way, new Backlog(Backlog.MAX_PENDING));
    }

    /// @param backlog what waits for it, and will
    GroupLane(Share way, Backlog backlog) {
        this.way = way;
        this.backlog = backlog;
    }

    Share way() {
        return way;
    }

    boolean isClaimed() {
        return index != RingWriter.FULL;
    }

    /// Notes in the claims of which message it is.
    void note(long number) {
        message = number;
    }

    boolean isNoted(long number) {
        return message == number;
    }

    long index() {
        return index;
    }

    /// The message that is being sent has no room here.
    void passOver() {
        isPassedOver = true;
    }

    boolean isPassedOver() {
        return isPassedOver;
    }

    /// The next message looks anew.
    void endPassingOver() {
        isPassedOver = false;
    }

    /// Whether the receiver has left: what is claimed here is given up.
    boolean hasLeft() {
        return hasLeft;
    }

    void leave() {
        hasLeft = true;
    }

    /// What waits for it on this side.
    Backlog backlog() {
        return backlog;
    }

    /// Whether anything does: then all else goes there after it.
    boolean isBehind() {
        return !backlog.isEmpty();
    }

    /// A thread is about to bring there what waits for it.
    ///
    /// @return false if one does
    boolean beginDrain() {
        boolean isFirst = !isDrained;
        isDrained = true;
        return isFirst;
    }

    void endDrain() {
        isDrained = false;
    }

    /// So many messages do not go there.
    void drop(int count) {
        dropped += count;
    }

    /// How many messages did not go there.
    long dropped() {
        return dropped;
    }

    /// Checks that the receiver takes a message of this length: it may have joined since its sender
    /// has looked.
    ///
    /// @throws LaneException if it does not
    void checkFits(int length) {
        if (length > way.maxMessage()) {
            throw new LaneException(LaneException.Kind.TOO_LARGE,
                    ("a message is longer than a receiver that has joined takes: length=%d,"
                            + " limit=%d%s: send less at once, or have that receiver take more")
                            .formatted(length, way.maxMessage(), way.describe()));
        }
    }

    boolean tryClaim(int length, int descriptors) {
        checkFits(length);
        index = way.tryClaim(length, descriptors);
        return isClaimed();
    }

    boolean claim(int length, int descriptors, Deadline deadline) throws InterruptedException {
        checkFits(length);
        index = way.claim(length, descriptors, deadline);
        return isClaimed();
    }

    /// The memory that the claim is in.
    MemorySegment room() {
        return way.view();
    }

    /// Whether that is a file.
    boolean isSpilled() {
        return way.isSpilled();
    }

    /// Whether the claim has the message.
    boolean isFilled() {
        return isFilled;
    }

    /// The claim has the message by now.
    void fill() {
        isFilled = true;
    }

    /// Copies a message to `room`, which is that of the claim.
    void copyIn(OutgoingMessage message, MemorySegment room) {
        message.copyTo(room, index);
    }

    void copyIn(MemorySegment from, long fromIndex, int length, MemorySegment room) {
        MemorySegment.copy(from, fromIndex, room, index, length);
    }

    /// Sends what goes along, once for a claim. After a failure there is no claim.
    void sendParts(List<Descriptor> descriptors) {
        if (isReady) {
            return;
        }
        long claimed = index;
        forget();
        way.sendParts(descriptors);
        index = claimed;
        isFilled = true;
        isReady = true;
    }

    void commit() {
        long claimed = index;
        forget();
        try {
            way.commit();
        } catch (Error failure) {
            if (way.isClaimedHere()) { // it may have come before the commit: then this is given up
                index = claimed;
            }
            throw failure;
        }
    }

    void abort() {
        if (isClaimed()) {
            forget();
            way.abort();
        }
    }

    /// Nothing is claimed here any more: the thread that had the claim has died with it, or it was
    /// committed.
    void forget() {
        index = RingWriter.FULL;
        isFilled = false;
        isReady = false;
    }
}
