package dev.ipcchannel.transport;

import dev.ipcchannel.Codec;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.EndStats;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.Link;
import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.stream.ConnectionEnd;
import dev.ipcchannel.internal.stream.ConnectionEnd.Reason;
import dev.ipcchannel.internal.stream.FlowCounts;
import dev.ipcchannel.internal.stream.Inflow;
import dev.ipcchannel.internal.stream.Outflow;
import dev.ipcchannel.internal.stream.SocketFrame;
import dev.ipcchannel.internal.stream.UnixConnection;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A link over a Unix socket connection. The codecs run in the sending and receiving threads.
///
/// @param <O> the type of the messages that go out
/// @param <I> the type of the messages that come in
@SuppressWarnings("ReferenceEquality") // links are compared by identity
final class UnixLink<O, I> implements Link<O, I> {

    private static final String BY_MEMORY =
            ", or over Transport.shm(), with what is long in it as SharedBytes";

    /// The settings of both sides of a link.
    ///
    /// @param out of outgoing messages
    /// @param in of incoming messages
    /// @param maxMessage bytes of the longest message, in both directions
    record Settings<O, I>(Codec<O> out, Codec<I> in, int maxMessage) {}

    private final UnixConnection connection;
    private final Settings<O, I> settings;
    private final OtherSide other;
    private final String name; // of the owner, if this is the owner's object
    // The owner's object, shared by all objects of one connection.
    private final AtomicReference<@Nullable UnixLink<O, I>> owned;

    UnixLink(UnixConnection connection, Settings<O, I> settings, OtherSide other) {
        this(connection, settings, other, "", new AtomicReference<>());
    }

    private UnixLink(UnixConnection connection, Settings<O, I> settings,
            OtherSide other, String name,
            AtomicReference<@Nullable UnixLink<O, I>> owned) {
        this.connection = connection;
        this.settings = settings;
        this.other = other;
        this.name = name;
        this.owned = owned;
    }

    @Override
    public Link<O, I> ownedBy(String owner) {
        checkOpen();
        UnixLink<O, I> next = new UnixLink<>(connection, settings, other,
                Argument.given(owner, "owner"), owned);
        UnixLink<O, I> former = owned.compareAndExchange(null, next);
        if (former != null) {
            throw former.refusal();
        }
        return next;
    }

    private void checkOpen() {
        if (connection.inflow().isClosed()) {
            throw new EndClosed("this link is closed: " + this);
        }
    }

    private void checkFree() {
        UnixLink<O, I> current = owned.get();
        if (current != null && current != this) {
            throw current.refusal();
        }
    }

    private IllegalStateException refusal() {
        return new IllegalStateException(
                "this link belongs to %s: use that, or close it first: caller=%s".formatted(name,
                        Thread.currentThread().getName()));
    }

    @Override
    public void send(O message) throws InterruptedException {
        check(connection.outflow().put(encode(message), Deadline.NEVER), true);
    }

    @Override
    public void send(O message, Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        SocketFrame frame = encode(message);
        if (check(connection.outflow().put(frame, deadline), true) == SendOutcome.FULL) {
            throw new TimedOut(deadline.passed("no room for a message in " + this));
        }
    }

    @Override
    public SendOutcome trySend(O message) {
        return check(connection.outflow().tryPut(encode(message)), false);
    }

    private SocketFrame encode(O message) {
        checkFree();
        byte[] bytes = bytes(Argument.given(message, "message"));
        if (bytes.length > settings.maxMessage) {
            throw new MessageTooLarge(
                    ("a message is longer than a link over a Unix socket carries: length=%d,"
                            + " limit=%d, which no option raises: send it as several messages"
                            + BY_MEMORY).formatted(bytes.length, settings.maxMessage));
        }
        return SocketFrame.message(bytes);
    }

    private byte[] bytes(O message) {
        try {
            return settings.out.toBytes(message);
        } catch (MessageTooLarge longer) { // longer than any message may be
            throw new MessageTooLarge(longer.getMessage() + BY_MEMORY, longer.getCause());
        }
    }

    private SendOutcome check(Outflow.Put put, boolean mayWait) {
        return switch (put) {
            case Outflow.Put.Sent _ -> SendOutcome.SENT;
            case Outflow.Put.Full _ -> SendOutcome.FULL;
            case Outflow.Put.Over(ConnectionEnd end) -> throw failure(end, mayWait);
        };
    }

    @Override
    public I receive() throws InterruptedException {
        return receive(Deadline.NEVER);
    }

    @Override
    public I receive(Duration timeout) throws InterruptedException {
        return receive(Deadline.after(timeout));
    }

    private I receive(Deadline deadline) throws InterruptedException {
        checkFree();
        I message = decode(connection.inflow().take(deadline), true);
        if (message == null) {
            throw new TimedOut(deadline.passed("no message came to " + this));
        }
        return message;
    }

    @Override
    public @Nullable I tryReceive() {
        checkFree();
        return decode(connection.inflow().poll(), false);
    }

    private @Nullable I decode(Inflow.Taken taken, boolean mayWait) {
        return switch (taken) {
            case Inflow.Taken.Arrived(SocketFrame frame) when frame.isLost() -> throw lost(frame);
            case Inflow.Taken.Arrived(SocketFrame frame) -> settings.in.fromBytes(frame.bytes());
            case Inflow.Taken.Nothing _ -> null;
            case Inflow.Taken.Over(ConnectionEnd end) -> throw failure(end, mayWait);
        };
    }

    /// The failure of a message that the heap has no room for. Decoding its beginning fails, and
    /// that failure has the message's head.
    private ResourceExhausted lost(SocketFrame frame) {
        IpcException cut = null;
        try {
            I _ = settings.in.fromBytes(frame.bytes());
        } catch (IpcException failure) {
            cut = failure;
        }
        return new ResourceExhausted(
                ("a message is lost, since it does not fit into the heap: length=%d, heap=%d:"
                        + " raise -Xmx")
                        .formatted(frame.length(), Runtime.getRuntime().maxMemory()),
                cut);
    }

    /// @param mayWait whether the caller may wait a moment for facts not known yet
    private IpcException failure(ConnectionEnd ended, boolean mayWait) {
        ConnectionEnd end = ended.reason() == Reason.UNREACHABLE ? known(ended, mayWait) : ended;
        Throwable cause = end.cause();
        return switch (end.reason()) {
            case CLOSED_HERE -> new EndClosed("this link is closed: " + this);
            case CLOSED_THERE -> disconnected(other.subject() + " has closed the channel"
                    + other.afterSubject(), false, mayWait, null);
            case GONE -> disconnected(other.subject() + " has ended" + end.text()
                    + ended(end, mayWait), true, mayWait, cause);
            case UNREACHABLE -> unreachable(end, mayWait, cause);
            case VIOLATION -> new ProtocolViolation("the other side broke the format: %s: %s"
                    .formatted(end.text(), other.shownNow()), cause);
            case EXHAUSTED -> new ResourceExhausted("a message came that there is no memory for: "
                    + other.shownNow() + ": give this JVM a larger heap (-Xmx)", cause);
        };
    }

    /// The failure of a connection that was closed by the other side or ended with it. Only of a
    /// child that has ended is it known which.
    private Disconnected unreachable(ConnectionEnd end, boolean mayWait,
            @Nullable Throwable cause) {
        String how = ended(end, mayWait);
        boolean hasEnded = other.hasEnded();
        return disconnected(other.subject() + (hasEnded ? " has ended"
                : " has closed the channel, or has ended") + how,
                hasEnded, mayWait, cause);
    }

    private Disconnected disconnected(String message, boolean isDeath, boolean mayWait,
            @Nullable Throwable cause) {
        return new Disconnected(message, isDeath, other.report(mayWait), cause);
    }

    /// The reason that the event loop finds after a send has failed.
    private ConnectionEnd known(ConnectionEnd ended, boolean mayWait) {
        try {
            return connection.over().get(mayWait ? ended.patience().remainingNanos() : 0,
                    TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return ended;
        } catch (TimeoutException | ExecutionException _) {
            return ended;
        }
    }

    private String ended(ConnectionEnd end, boolean mayWait) {
        return other.end(mayWait ? end.patience() : Deadline.NOW, mayWait);
    }

    @Override
    public String otherSide() {
        return other.title();
    }

    @Override
    public void onDisconnect(Runnable action) {
        Argument.given(action, "action");
        checkOpen();
        var _ = connection.gone().thenRun(() -> {
            if (!connection.inflow().isClosed()) {
                Thread _ = Thread.ofVirtual().name("ipc-channel disconnect").start(action);
            }
        });
    }

    @Override
    public int maxMessage() {
        return settings.maxMessage;
    }

    @Override
    public EndStats outStats() {
        return stats(connection.outflow().counts(), connection.over().isDone() ? 0 : 1);
    }

    @Override
    public EndStats inStats() {
        return stats(connection.inflow().counts(), 0);
    }

    private static EndStats stats(FlowCounts.Snapshot counts, int descriptors) {
        return new EndStats(counts.messages(), counts.bytes(),
                Duration.ofNanos(counts.waitedNanos()), counts.wakeUps(), 0, 0, 0, descriptors, 0);
    }

    @Override
    public void close() {
        connection.close();
    }

    @Override
    public String toString() {
        ConnectionEnd end = connection.over().getNow(null);
        return "UnixLink[%s, %s, unread=%d]".formatted(other.shown(),
                connection.inflow().isClosed() ? "closed"
                        : end == null ? "open" : "ended (" + end.reason() + ")",
                connection.inflow().length());
    }
}
