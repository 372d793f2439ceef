package dev.ipcchannel.transport;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Link;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.internal.base.Argument;
import java.time.Duration;

/// A way on which two processes reach each other, most often a child and its parent, and what
/// carries their messages.
///
/// There are two here, and others may be written outside of the library: a [Link] over anything
/// that carries bytes, and a [Listener] whose address is a text, which a child JVM gets by a file
/// of this user's alone, another child in its environment. The child has to be given such a
/// transport as well ([dev.ipcchannel.child.ChildJvm#parent(Transport, Class, Class)]). The
/// artifact `ipc-channel-testkit` has the tests by which one's own proves itself.
///
/// A transport has no state, or state that any number of threads may use at once.
public interface Transport {

    /// What both sides call it: it goes to a child together with the address, so that the two are
    /// known to mean the same.
    String name();

    /// Opens a place where one process connects. A parent calls it before its child is started.
    ///
    /// @param out the type of what this side sends
    /// @param in the type of what it receives
    /// @throws dev.ipcchannel.IpcException if that is not possible
    <O, I> Listener<O, I> listen(TypeToken<O> out, TypeToken<I> in);

    /// Connects to the process that listens there. A child calls it, once.
    ///
    /// @param address what the other side's [Listener#address] is
    /// @param out the type of what this side sends
    /// @param in the type of what it receives
    /// @throws dev.ipcchannel.Disconnected if nobody listens there any more
    /// @throws dev.ipcchannel.IpcException if it is not possible for another reason
    /// @throws InterruptedException if the thread is interrupted while it waits
    <O, I> Link<O, I> connect(String address, TypeToken<O> out, TypeToken<I> in)
            throws InterruptedException;

    /// A place where one process connects.
    ///
    /// @param <O> the type of what this side sends
    /// @param <I> the type of what it receives
    interface Listener<O, I> extends AutoCloseable {

        /// What the other side needs to know, in one line.
        String address();

        /// Waits for any process to connect: one on another host, or one that was started by hand.
        /// One that means other types, or says something else than it has to, is turned away, and
        /// waiting goes on.
        ///
        /// @throws dev.ipcchannel.TimedOut if none comes within `timeout`
        /// @throws dev.ipcchannel.EndClosed if the listener is closed, before or meanwhile
        /// @throws dev.ipcchannel.IpcException if it is not possible for another reason
        /// @throws InterruptedException if the thread is interrupted while it waits; the listener
        /// stays open
        Link<O, I> accept(Duration timeout) throws InterruptedException;

        /// Waits for a child to connect, and no longer than it lives. Processes that are not taken
        /// for it are noted there ([AwaitedChild#turnedAway]).
        ///
        /// @throws dev.ipcchannel.ChildFailed if the child ends before
        /// @throws dev.ipcchannel.TimedOut if it does not come within `timeout`
        /// @throws dev.ipcchannel.TypeMismatch if its messages are of other types
        /// @throws dev.ipcchannel.HandshakeFailed if it says something else than a child has to
        /// @throws dev.ipcchannel.EndClosed if the listener is closed, before or meanwhile
        /// @throws InterruptedException if the thread is interrupted while it waits; the listener
        /// stays open
        Link<O, I> accept(AwaitedChild child, Duration timeout) throws InterruptedException;

        /// Ends it, also while a thread is in [#accept]: nobody can connect any more, and nothing
        /// of it is left. A link that was accepted stays. The second and later closes do nothing.
        @Override
        void close();
    }

    /// Over rings in shared memory: the fastest there is, and messages may have ends of channels in
    /// them. The default, with [ChannelOptions#defaults].
    static Transport shm() {
        return ShmTransport.DEFAULT;
    }

    /// The same with rings of those options, in both directions.
    ///
    /// What the parent says holds on both sides: the child, which makes the channels, hears it by a
    /// mark beside the address, and what its own transport of this kind has counts for nothing. A
    /// child that makes them larger, or looks longer before it sleeps, is refused
    /// ([dev.ipcchannel.HandshakeFailed]); it may take less.
    ///
    /// @throws IllegalArgumentException if the longest message has less than 1024 bytes, which the
    /// library's own need
    static Transport shm(ChannelOptions options) {
        return new ShmTransport(Argument.given(options, "options"));
    }

    /// Over a Unix socket, for places where memory cannot be shared. Messages have no ends of
    /// channels in them, and at most 1 GiB.
    static Transport unix() {
        return UnixTransport.INSTANCE;
    }
}
