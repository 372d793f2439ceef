package dev.ipcchannel.transport;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.Link;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Streams;
import dev.ipcchannel.internal.rendezvous.ParentProcess;
import dev.ipcchannel.internal.stream.ConnectionEnd;
import dev.ipcchannel.internal.stream.Inflow;
import dev.ipcchannel.internal.stream.SocketFrame;
import dev.ipcchannel.internal.stream.SocketHello;
import dev.ipcchannel.internal.stream.UnixConnection;
import dev.ipcchannel.internal.stream.UnixLifeline;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A transport by a Unix socket. The child sends a greeting, the parent answers, and then both send
/// messages; [SocketFrame] has the bytes.
///
/// A child has a second connection to its parent, its lifeline, whose only messages say that one of
/// the two goes away. It ends with the parent's process and not before. So the child notices the
/// parent's end whatever the state of its link: full of messages not taken, or closed long ago.
final class UnixTransport implements Transport {

    static final UnixTransport INSTANCE =
            new UnixTransport(ChannelOptions.defaults().maxMessage());

    private static final long RETRY_NANOS = 1_000_000;

    private final int maxMessage;

    /// @param maxMessage bytes of the longest message
    UnixTransport(int maxMessage) {
        this.maxMessage = maxMessage;
    }

    @Override
    public String name() {
        return "unix";
    }

    @Override
    public <O, I> Listener<O, I> listen(TypeToken<O> out, TypeToken<I> in) {
        EndAccess.checkPlatform();
        return UnixListener.open(settings(out, in), LinkTypes.of(out, in));
    }

    private <O, I> UnixLink.Settings<O, I> settings(TypeToken<O> out, TypeToken<I> in) {
        return new UnixLink.Settings<>(Codec.of(out), Codec.of(in), maxMessage);
    }

    /// Connects, and waits until the other side accepts or is gone.
    @Override
    public <O, I> Link<O, I> connect(String address, TypeToken<O> out, TypeToken<I> in)
            throws InterruptedException {
        Argument.given(address, "address");
        UnixLink.Settings<O, I> settings = settings(out, in);
        // Made before connecting: a listener does not wait long for a silent client.
        SocketHello greeting = SocketHello.of(settings.out().description(),
                settings.in().description());
        EndAccess.checkPlatform();
        // First: the parent has to know the lifeline when it accepts.
        boolean isParent = ParentProcess.isParent(address);
        UnixLifeline lifeline = isParent ? lifeline(address) : null;
        UnixConnection connection = null;
        boolean isConnected = false;
        boolean isAnswered = false;
        try {
            if (lifeline != null) {
                // Before the parent can give this child work.
                ParentProcess.onConnecting(lifeline.connection().peer());
            }
            connection = reach(address, isParent);
            Refusal refusal = greet(connection, address, isParent, greeting);
            isAnswered = true;
            if (lifeline != null) { // also if this process is refused
                ParentProcess.follow(lifeline);
            }
            if (refusal != null) {
                throw SocketFailures.refused(refusal, isParent);
            }
            isConnected = true;
            return new UnixLink<>(connection, settings,
                    OtherSide.server(connection.peer(), isParent));
        } finally {
            if (!isConnected) {
                drop(connection);
            }
            if (!isAnswered) {
                drop(lifeline == null ? null : lifeline.connection());
            }
        }
    }

    private static void drop(@Nullable UnixConnection connection) {
        if (connection != null) {
            connection.drop();
        }
    }

    private UnixLifeline lifeline(String address) throws InterruptedException {
        return reach(address, true).openLifeline();
    }

    private UnixConnection reach(String address, boolean isParent) throws InterruptedException {
        if (!Streams.canBePath(address)) {
            throw SocketFailures.noListener(address, isParent, null);
        }
        try {
            return UnixConnection.open(connection(address), maxMessage);
        } catch (PosixException failure) {
            throw SocketFailures.ofConnect(address, isParent, failure);
        }
    }

    /// Connects by polling, since the kernel has no interruptible wait for room in a listener's
    /// queue.
    private static Descriptor connection(String address) throws InterruptedException {
        Descriptor connection = Streams.tryConnect(address);
        while (connection == null) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while it connects: address=" + address);
            }
            LockSupport.parkNanos(RETRY_NANOS);
            connection = Streams.tryConnect(address);
        }
        return connection;
    }

    /// @return the reason of a refusal; null if this process is accepted
    private static @Nullable Refusal greet(UnixConnection connection, String address,
            boolean isParent, SocketHello greeting) throws InterruptedException {
        connection.outflow().put(greeting.toFrame(), Deadline.NEVER); // a failure shows below
        Inflow.Taken answer = connection.inflow().take(Deadline.NEVER);
        if (answer instanceof Inflow.Taken.Arrived(SocketFrame frame)) {
            switch (frame.kind()) {
                case WELCOME -> connection.inflow().open();
                case REFUSAL -> {
                    return Refusal.read(frame.bytes());
                }
                default -> throw noListener(address, "its first frame is " + frame.kind());
            }
        } else if (answer instanceof Inflow.Taken.Over(ConnectionEnd end)) {
            throw end.reason() == ConnectionEnd.Reason.VIOLATION
                    ? noListener(address, end.text())
                    : SocketFailures.noListener(address, isParent, end.cause());
        }
        return null;
    }

    private static HandshakeFailed noListener(String address, String reason) {
        return new HandshakeFailed(
                "what is there says something else than a listener of this library does:"
                        + " address=%s: %s".formatted(Printable.path(address), reason));
    }
}
