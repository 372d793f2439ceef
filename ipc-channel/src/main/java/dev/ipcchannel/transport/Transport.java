package dev.ipcchannel.transport;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Link;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.internal.base.Argument;
import java.time.Duration;

/// A way for two processes, most often a child and its parent, to connect and to exchange messages.
///
/// The library has two. A program may write others: a [Link] over anything that carries bytes, and
/// a [Listener] whose address is a text. A child JVM gets that text by a private file of the user,
/// any other child in its environment. The child has to be given such a transport as well
/// ([dev.ipcchannel.child.ChildJvm#parent(Transport, Class, Class)]). The artifact
/// `ipc-channel-testkit` has tests for a program's own transports.
///
/// Any number of threads may use a transport at once.
public interface Transport {

    /// The name of the transport on both sides. It goes to a child together with the address, to
    /// check that both sides use the same transport.
    String name();

    /// Opens a listener that one process connects to. A parent calls it before it starts its child.
    ///
    /// @param out the type of the messages of this side
    /// @param in the type of the messages to this side
    /// @throws dev.ipcchannel.IpcException if the listener cannot be opened
    <O, I> Listener<O, I> listen(TypeToken<O> out, TypeToken<I> in);

    /// Connects to the process that listens at `address`. A child calls it once.
    ///
    /// @param address the other side's [Listener#address]
    /// @param out the type of the messages of this side
    /// @param in the type of the messages to this side
    /// @throws dev.ipcchannel.Disconnected if no process listens there any more
    /// @throws dev.ipcchannel.IpcException if it fails for another reason
    /// @throws InterruptedException if the thread is interrupted while it waits
    <O, I> Link<O, I> connect(String address, TypeToken<O> out, TypeToken<I> in)
            throws InterruptedException;

    /// A listener that one process connects to.
    ///
    /// @param <O> the type of the messages of this side
    /// @param <I> the type of the messages to this side
    interface Listener<O, I> extends AutoCloseable {

        /// The address for the other side, in one line.
        String address();

        /// Waits for any process to connect, for instance one on another host or one that was
        /// started by hand. A process with other types, or that does not keep to the protocol, is
        /// turned away, and the wait goes on.
        ///
        /// @throws dev.ipcchannel.TimedOut if no process connects within `timeout`
        /// @throws dev.ipcchannel.EndClosed if the listener is closed, before or during the wait
        /// @throws dev.ipcchannel.IpcException if it fails for another reason
        /// @throws InterruptedException if the thread is interrupted while it waits; the listener
        /// remains open
        Link<O, I> accept(Duration timeout) throws InterruptedException;

        /// Waits for a child to connect, no longer than that runs. Notes other processes that
        /// connect and are turned away ([AwaitedChild#turnedAway]).
        ///
        /// @throws dev.ipcchannel.ChildFailed if the child ends before it connects
        /// @throws dev.ipcchannel.TimedOut if it does not connect within `timeout`
        /// @throws dev.ipcchannel.TypeMismatch if its messages are of other types
        /// @throws dev.ipcchannel.HandshakeFailed if it does not keep to the protocol
        /// @throws dev.ipcchannel.EndClosed if the listener is closed, before or during the wait
        /// @throws InterruptedException if the thread is interrupted while it waits; the listener
        /// remains open
        Link<O, I> accept(AwaitedChild child, Duration timeout) throws InterruptedException;

        /// Closes the listener, also while a thread is in [#accept]: no process can connect any
        /// more, and no file is left. An accepted link is not affected. The second and later closes
        /// do nothing.
        @Override
        void close();
    }

    /// The transport over rings in shared memory. It is the fastest, and messages may have ends of
    /// channels in them. The default, with [ChannelOptions#defaults].
    static Transport shm() {
        return ShmTransport.DEFAULT;
    }

    /// The same with rings of those options, in both directions.
    ///
    /// The parent's options apply on both sides: the child, which makes the channels, gets them
    /// together with the address and ignores the options of its own transport. A child with larger
    /// rings, or with a longer spin before it sleeps, is refused
    /// ([dev.ipcchannel.HandshakeFailed]); smaller values are allowed.
    ///
    /// @throws IllegalArgumentException if the longest message has less than 1024 bytes, which the
    /// library's own messages need
    static Transport shm(ChannelOptions options) {
        return new ShmTransport(Argument.given(options, "options"));
    }

    /// The transport over a Unix socket, for systems where memory cannot be shared. Messages cannot
    /// have ends of channels in them, and have at most 1 GiB.
    static Transport unix() {
        return UnixTransport.INSTANCE;
    }
}
