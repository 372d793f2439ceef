package dev.ipcchannel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One side of a conversation between two processes: messages go out and come in, each once and in
/// order.
///
/// A [Duplex] is a link over shared memory. A program may make others, over anything that carries
/// bytes ([Codec#toBytes]). Each link keeps to these rules:
///
/// - Any number of threads may send, one at a time may receive, and any may close.
/// - `send` and `receive` wait as long as the other side is there. An interrupt ends the wait, and
///   nothing is lost: a message is sent whole or not at all, and the message not returned is the
///   next to be received.
/// - When the other side is gone, `receive` first returns what it sent before, then throws
///   [Disconnected]. After a close of this side each call throws [EndClosed], a waiting call as
///   well.
/// - A message that cannot be turned into bytes is a [CodecFailed], a message too long for the link
///   a [MessageTooLarge]. Neither is sent, and other messages are not affected. A message that
///   cannot be read is a [CodecFailed] and is consumed: the exception is that of [Codec#fromBytes],
///   or has that as its cause, since that exception has the message's head ([IpcException#head]).
/// - If the other side breaks the format, that is a [ProtocolViolation], and the link ends.
/// - A lack of memory or descriptors is a [ResourceExhausted], and the link goes on.
/// - A link with an owner ([#ownedBy]) refuses all other users, at least a second owner.
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

    /// The process at the other side as a person knows it, for error texts: `child app.Echo
    /// (pid=4711)`. Never waits.
    ///
    /// @return an empty string if it is not known
    default String otherSide() {
        return "";
    }

    /// Registers `action` to run once when the other side is gone, on a virtual thread of its own;
    /// at once if it is gone already. Its messages can still be received. The action does not run
    /// if this side is closed first.
    ///
    /// @throws EndClosed if this side is closed
    void onDisconnect(Runnable action);

    /// The longest message that can be sent, in bytes as its codec makes them.
    int maxMessage();

    /// The counters of outgoing messages; a counter that this link does not have is 0. Any thread
    /// may call this at any time, also after a close of this side. It delays no other thread.
    EndStats outStats();

    /// The counters of incoming messages; see [#outStats].
    EndStats inStats();

    /// The sending end, which has more than a link: claims and shares.
    ///
    /// @throws UnsupportedOperationException if this link does not go through channels
    /// @throws IllegalStateException if the link has an owner ([#ownedBy])
    default Sender<O> sender() {
        throw new UnsupportedOperationException("a link that does not go through channels has no"
                + " Sender: use its send, or Transport.shm(): link=" + this);
    }

    /// The receiving end, which has more than a link: loops, streams, futures, sets and routers.
    /// Receive either by it or by the link; the link itself is still to be closed.
    ///
    /// @throws UnsupportedOperationException if this link does not go through channels
    /// @throws IllegalStateException if the link has an owner ([#ownedBy])
    default Receiver<I> receiver() {
        throw new UnsupportedOperationException("a link that does not go through channels has no"
                + " Receiver: use its receive, or Transport.shm(): link=" + this);
    }

    /// Closes, at once, the ends of channels and the [SharedBytes] in a received message that is
    /// dropped. Does nothing if a link carries bytes only.
    default void drop(I message) {}

    /// Closes, at once, the ends of channels in a message of this side that is not sent and not
    /// used otherwise. [SharedBytes] in it remain open, as after a send. Does nothing if a link
    /// carries bytes only.
    default void dropUnsent(O message) {}

    /// A link for one owner, to which both directions belong from now on. Any other call that would
    /// send, receive or move an end is refused, and the message names the owner. A send that
    /// another thread has already begun may still go out. Either of the two objects can be closed,
    /// and that ends both.
    ///
    /// @param owner what it is, with its article, for error texts: "a Caller"
    /// @throws EndClosed if this side is closed
    /// @throws IllegalStateException if it has an owner already, or a thread is receiving; then
    /// nothing has changed
    Link<O, I> ownedBy(String owner);

    /// Ends the conversation. The other side gets [Disconnected] after it has received all that was
    /// sent. The second and later closes do nothing.
    @Override
    void close();
}
