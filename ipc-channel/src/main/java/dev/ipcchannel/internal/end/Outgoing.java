package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.internal.ring.RingWriter;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The way of one sender's messages, as bytes, to one receiver ([Movable]) or to many.
///
/// Any thread may use it, unless it [Movable#isExclusive]. A claim belongs to the thread that made
/// it. A failure that ends it is a `LaneException`.
public interface Outgoing extends End {

    /// The outcome of an offer that does not wait.
    enum Offer {
        /// The message was sent.
        SENT,
        /// There is no room now, or another thread has the turn. Nothing was sent.
        FULL,
        /// There is no receiver now. Nothing was sent.
        NO_RECEIVER
    }

    /// The longest message that can be sent now, in bytes.
    int maxMessage();

    /// The receiver that limits [#maxMessage]; null if this end itself is the limit.
    @Nullable
    Peer limiting();

    /// Sends one message if there is room now. Waits only while another thread copies a message.
    Offer trySend(OutgoingMessage message);

    /// Sends one message, waiting for room if need be.
    ///
    /// @return false if the deadline came first; nothing was sent then
    boolean send(OutgoingMessage message, Deadline deadline) throws InterruptedException;

    /// Reserves room for a payload if there is some now; then the caller has the turn until
    /// [#commit] or [#abort].
    ///
    /// @return the payload's index in [#view], or [RingWriter#FULL]
    long tryClaim(int length);

    /// Reserves room for a payload, waiting if need be; then the caller has the turn until
    /// [#commit] or [#abort].
    ///
    /// @return the payload's index in [#view], or [RingWriter#FULL] if the deadline came first
    long claim(int length, Deadline deadline) throws InterruptedException;

    /// The memory for the payload of the open claim.
    MemorySegment view();

    /// Sends the claimed message.
    void commit();

    /// Gives the claimed room up.
    void abort();

    /// The number of the open claim, for the thread that has it: no two have the same.
    long claimNumber();

    /// Whether the calling thread has a claim open that can still be committed.
    boolean isClaimedHere();

    /// The marks of its lane, as its writer sees them, made by the first call; null if it does not
    /// have exactly one lane.
    default @Nullable Marks marks() {
        return null;
    }

    /// Throws if it has ended.
    void checkOpen();

    /// Ends it: waiting threads are woken. Never waits.
    ///
    /// @param reason a sentence for later calls
    void end(String reason);
}
