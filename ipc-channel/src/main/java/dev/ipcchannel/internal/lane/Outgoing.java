package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.ring.RingWriter;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The way of one sender's messages, as bytes: a [Share] of an outbox, or a group that sends each
/// message to many.
///
/// Any thread may use it, unless it [#isExclusive]. A claim belongs to the thread that has made it.
/// What cannot go on is a [LaneException].
public interface Outgoing {

    /// What a message that is not worth waiting for has come to.
    enum Offer {
        /// It is on its way.
        SENT,
        /// There is no room now, or another thread has the turn. Nothing was sent.
        FULL,
        /// There is no receiver now. Nothing was sent.
        NO_RECEIVER
    }

    /// The settings of the channel.
    LaneSettings settings();

    /// The longest message that can be sent now, in bytes.
    int maxMessage();

    /// What has gone out by here.
    Tally tally();

    /// The process that receives, as far as it is known.
    @Nullable
    Peer reader();

    /// Whether it belongs to one thread.
    boolean isExclusive();

    /// Whether the ends of channels can go along in a message, which needs one receiver.
    boolean takesEnds();

    /// Sends one message if there is room now. Never waits, but for another thread's copy of one.
    Offer trySend(byte[] payload, int length, List<Descriptor> descriptors);

    /// Sends one message, waiting for room if need be.
    ///
    /// @return false if the deadline came first; nothing was sent then
    boolean send(byte[] payload, int length, List<Descriptor> descriptors, Deadline deadline)
            throws InterruptedException;

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

    /// Checks that the calling thread has a claim open.
    ///
    /// @throws IllegalStateException if it has not
    void checkClaimed();

    /// Another way into the same channel, which ends by itself.
    Outgoing share();

    /// Another way into the same channel, for the calling thread alone.
    Outgoing exclusive();

    /// Writes what another process needs to send into this channel. The descriptor in it is the
    /// caller's to close.
    void export(Transfer transfer);

    /// Ends it, since it has gone to another process.
    ///
    /// @param to that process, if it is known
    void moved(String reason, @Nullable Peer to);

    /// Whether a receiver is there, as far as the kernel knows by now.
    boolean isConnected();

    /// Has `action` run, once, on a thread of its own, when the receiver is gone. Not if this ends
    /// before.
    void onDisconnect(Runnable action);

    /// The other side and how much it has still to read, for people: nothing that is waited for.
    String describe();

    /// Whether it has ended.
    boolean isEnded();

    /// Checks that it has not ended.
    void checkOpen();

    /// Ends it: waiting threads are woken. Never waits.
    ///
    /// @param reason a sentence for later calls
    void end(String reason);

    /// Ends one that no thread can reach any more, with its claim.
    ///
    /// @param reason a sentence for later calls
    void endForgotten(String reason);
}
