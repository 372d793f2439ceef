package dev.ipcchannel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One side of a conversation between two processes: messages go out and come in, each once and in
/// order.
///
/// A [Duplex] is one over shared memory. Others may be made outside of the library, over whatever
/// carries bytes ([Codec#toBytes]); then they keep to this:
///
/// - Any number of threads may send, one at a time receives, any may close.
/// - `send` and `receive` wait as long as the other side is there, and an interrupt ends the wait
///   with nothing lost: a message is sent whole or not at all, and one that was not returned comes
///   next.
/// - Where the other side is gone, what it sent before comes first, then [Disconnected]; after a
///   close of this side each call throws [EndClosed], also the one that waits.
/// - A message that cannot be turned into bytes is [CodecFailed], one that is too long for the link
///   [MessageTooLarge]; neither is sent, and neither harms another one. One that cannot be read is
///   [CodecFailed] and consumed: what [Codec#fromBytes] throws, or something with that as its cause,
///   since it knows whose the message was ([IpcException#head]).
/// - An other side that breaks the format is a [ProtocolViolation], and ends the link.
/// - A lack of memory or descriptors is [ResourceExhausted], and the link goes on.
/// - A link that belongs to somebody by [#ownedBy] refuses others, at least those that would own it
///   too.
///
/// @param <O> the type of the messages that go out
/// @param <I> the type of the messages that come in
public interface Link<O, I> extends AutoCloseable {

    /// Sends a message, waiting for room.
    void send(O message) throws InterruptedException;

    /// Sends a message, waiting for room no longer than `timeout`, or throws [TimedOut].
    void send(O message, Duration timeout) throws InterruptedException;

    /// Sends a message if there is room now. Never waits.
    SendOutcome trySend(O message);

    /// Waits for a message.
    I receive() throws InterruptedException;

    /// Waits for a message no longer than `timeout`, or throws [TimedOut].
    I receive(Duration timeout) throws InterruptedException;

    /// The next message if it is there. Never waits.
    ///
    /// @return null if there is none
    @Nullable
    I tryReceive();

    /// The process at the other side as a person knows it, for messages: `child app.Echo
    /// (pid=4711)`. Never waits.
    ///
    /// @return empty if it is not known
    default String otherSide() {
        return "";
    }

    /// Has `action` run once the other side is gone: on a virtual thread of its own, once, at once
    /// if it is gone already. What it has sent is still to be received. Not if this side is closed
    /// before.
    ///
    /// @throws EndClosed if this side is closed
    void onDisconnect(Runnable action);

    /// The longest message that can be sent, in bytes as its codec makes them.
    int maxMessage();

    /// What has gone out, in numbers; those of which this link has none are 0. Any thread may ask,
    /// at any time, also once this side is closed; nobody is held up.
    EndStats outStats();

    /// What has come in, in numbers; see [#outStats].
    EndStats inStats();

    /// The sending end, for what a link has not: claims and shares.
    ///
    /// @throws UnsupportedOperationException if this link does not go through channels
    /// @throws IllegalStateException if the link belongs to somebody ([#ownedBy])
    default Sender<O> sender() {
        throw new UnsupportedOperationException("a link that does not go through channels has no"
                + " Sender: use its send, or Transport.shm(): link=" + this);
    }

    /// The receiving end, for what a link has not: loops, streams, futures, sets and routers.
    /// Whoever has it receives; the link itself is still to be closed.
    ///
    /// @throws UnsupportedOperationException if this link does not go through channels
    /// @throws IllegalStateException if the link belongs to somebody ([#ownedBy])
    default Receiver<I> receiver() {
        throw new UnsupportedOperationException("a link that does not go through channels has no"
                + " Receiver: use its receive, or Transport.shm(): link=" + this);
    }

    /// Closes the ends of channels and the [SharedBytes] in a message that was received and that
    /// nobody gets, at once. Does nothing where a link carries bytes alone.
    default void drop(I message) {}

    /// Closes the ends of channels in a message of this side's that is not sent and that nobody
    /// else has, at once. [SharedBytes] in it stay open, as after a send. Does nothing where a link
    /// carries bytes alone.
    default void dropUnsent(O message) {}

    /// This conversation for one owner, to whom both directions belong from now on: whatever else
    /// would send, receive or move an end is refused in the owner's name. A send that another
    /// thread has begun by then may still go out. Closing is not refused, by whichever of the two
    /// objects, and ends both.
    ///
    /// @param owner what it is, with its article, for messages: "a Caller"
    /// @throws EndClosed if this side is closed
    /// @throws IllegalStateException if it has an owner, or a thread is receiving; nothing has
    /// changed
    Link<O, I> ownedBy(String owner);

    /// Ends the conversation: the other side learns of it once it has received what was sent. The
    /// second and later closes do nothing.
    @Override
    void close();
}
