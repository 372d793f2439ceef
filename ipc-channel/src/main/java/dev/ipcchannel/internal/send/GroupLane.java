package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.wire.LaneException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// One receiver of a [Group]: the way to it, and the group's claim in its lane. Used by the thread
/// that has the group's turn, or under the group's lock; whether the receiver has left is written
/// and read under the lock.
class GroupLane {

    private final Share way;
    private long index = RingWriter.FULL; // of the claim's payload; FULL if there is no claim
    private boolean isFilled; // whether the claim has the message's bytes
    private boolean isReady; // whether the claim needs only its commit
    private boolean isPassedOver; // by the message that is being sent
    private boolean hasLeft;
    private final Backlog backlog; // this and the next two are used under the lock
    private boolean isDrained;
    private long dropped;
    private long message; // the number of the message whose claims it is in; 0 for none

    GroupLane(Share way) {
        this(way, new Backlog(Backlog.MAX_PENDING));
    }

    /// @param backlog of the messages that wait for the receiver
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

    /// Notes the number of the message in whose claims it is.
    void note(long number) {
        message = number;
    }

    boolean isNoted(long number) {
        return message == number;
    }

    long index() {
        return index;
    }

    /// Notes that there is no room here for the message that is being sent.
    void passOver() {
        isPassedOver = true;
    }

    boolean isPassedOver() {
        return isPassedOver;
    }

    /// Ends that, for the next message.
    void endPassingOver() {
        isPassedOver = false;
    }

    /// Whether the receiver has left: a claim here can only be given up.
    boolean hasLeft() {
        return hasLeft;
    }

    void leave() {
        hasLeft = true;
    }

    /// The messages that wait on this side for the receiver.
    Backlog backlog() {
        return backlog;
    }

    /// Whether it lags: messages wait for it, and all others have to follow them.
    boolean isLagging() {
        return !backlog.isEmpty();
    }

    /// Notes that a thread is about to send the backlog.
    ///
    /// @return false if another thread does so
    boolean beginDrain() {
        boolean isFirst = !isDrained;
        isDrained = true;
        return isFirst;
    }

    void endDrain() {
        isDrained = false;
    }

    /// Counts messages that the receiver does not get.
    void drop(int count) {
        dropped += count;
    }

    /// The number of messages that the receiver did not get.
    long dropped() {
        return dropped;
    }

    /// Checks that the receiver takes a message of this length: it may have joined after the
    /// sender's check.
    ///
    /// @throws LaneException if it does not
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

    /// The memory of the claim.
    MemorySegment room() {
        return way.view();
    }

    /// Whether that memory is a file.
    boolean isSpilled() {
        return way.isSpilled();
    }

    /// Whether the claim has the message's bytes.
    boolean isFilled() {
        return isFilled;
    }

    /// Notes that the claim has the message's bytes.
    void fill() {
        isFilled = true;
    }

    /// Copies a message to `room`, the memory of the claim.
    void copyIn(OutgoingMessage message, MemorySegment room) {
        message.copyTo(room, index);
    }

    void copyIn(MemorySegment from, long fromIndex, int length, MemorySegment room) {
        MemorySegment.copy(from, fromIndex, room, index, length);
    }

    /// Sends the descriptors, once for a claim. After a failure there is no claim.
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
            // It may have failed before the commit: then abort gives this claim up.
            if (way.isClaimedHere()) {
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

    /// Forgets the claim: it was committed, or the claiming thread has died.
    void forget() {
        index = RingWriter.FULL;
        isFilled = false;
        isReady = false;
    }
}
