package dev.ipcchannel.transport;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.ChildReport;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.Link;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.rendezvous.ServerDirectory;
import dev.ipcchannel.internal.stream.ConnectionEnd;
import dev.ipcchannel.internal.stream.Inflow;
import dev.ipcchannel.internal.stream.SocketCandidates;
import dev.ipcchannel.internal.stream.SocketFrame;
import dev.ipcchannel.internal.stream.SocketHello;
import dev.ipcchannel.internal.stream.UnixConnection;
import dev.ipcchannel.internal.stream.UnixServer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A place where one process connects: a socket in a directory that only its user may enter. The
/// directory is gone when it is closed, when the JVM has run its shutdown hooks, or, if that is
/// killed, with the user's next server.
///
/// The loop takes up all that come, and the thread that accepts listens to all of them side by
/// side: a stranger that is silent or talks nonsense delays nobody. Only processes of this user can
/// come.
///
/// @param <O> the type of what this side sends
/// @param <I> the type of what it receives
final class UnixListener<O, I> implements Transport.Listener<O, I> {

    private final UnixLink.Settings<O, I> settings;
    private final LinkTypes types;
    private final ServerDirectory directory;
    private final SocketCandidates visitors;
    private final UnixServer server;
    private final AtomicBoolean isAccepting = new AtomicBoolean();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private UnixListener(UnixLink.Settings<O, I> settings, LinkTypes types,
            ServerDirectory directory, SocketCandidates visitors, UnixServer server) {
        this.settings = settings;
        this.types = types;
        this.directory = directory;
        this.visitors = visitors;
        this.server = server;
    }

    static <O, I> UnixListener<O, I> open(UnixLink.Settings<O, I> settings, LinkTypes types) {
        ServerDirectory directory = SocketFailures.directory();
        SocketCandidates visitors = new SocketCandidates();
        try {
            UnixServer server =
                    UnixServer.open(directory.socketPath(), settings.maxMessage(), visitors);
            return new UnixListener<>(settings, types, directory, visitors, server);
        } catch (PosixException failure) {
            directory.close();
            throw SocketFailures.of("no process can be listened for: address="
                    + directory.socketPath(), failure);
        }
    }

    @Override
    public String address() {
        return directory.socketPath();
    }

    @Override
    public Link<O, I> accept(Duration timeout) throws InterruptedException {
        return acceptFrom(null, Deadline.after(timeout));
    }

    @Override
    public Link<O, I> accept(AwaitedChild child, Duration timeout) throws InterruptedException {
        Argument.given(child, "child");
        return acceptFrom(child, Deadline.after(timeout));
    }

    /// One thread at a time.
    ///
    /// @param child null for any process
    private Link<O, I> acceptFrom(@Nullable AwaitedChild child, Deadline deadline)
            throws InterruptedException {
        if (!isAccepting.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "a listener is waited on by one thread at a time: " + this);
        }
        try {
            return acceptAlone(child, deadline);
        } finally {
            String reason = visitors.lastRejection();
            if (child != null && reason != null) {
                child.turnedAway(reason);
            }
            isAccepting.set(false);
        }
    }

    private Link<O, I> acceptAlone(@Nullable AwaitedChild child, Deadline deadline)
            throws InterruptedException {
        server.goOn();
        if (child != null) {
            CompletableFuture<Void> _ = child.onExit().thenRun(visitors::tell);
        }
        while (true) {
            checkOpen();
            // Before the look: what an ended child has sent is all there by then.
            boolean hasEnded = child != null && !child.process().isAlive();
            if (hasEnded) {
                server.lookClosely(visitors::read);
            }
            Link<O, I> link = look(child);
            if (link != null) {
                return link;
            }
            if (child != null && hasEnded) {
                throw childFailed(child);
            }
            if (deadline.isPast()) {
                throw timedOut(child, deadline);
            }
            visitors.await(deadline);
        }
    }

    private TimedOut timedOut(@Nullable AwaitedChild child, Deadline deadline) {
        return new TimedOut((child == null
                ? deadline.passed("no process connected") + ", address=" + address()
                : deadline.passed("the child did not connect") + ", pid=" + child.process().pid())
                + visitors.turnedAway());
    }

    private void checkOpen() {
        if (visitors.isClosed()) {
            throw new EndClosed("this listener is closed, or has accepted its process: " + this);
        }
        PosixException failure = visitors.failure();
        if (failure != null) {
            throw SocketFailures.of("a connection cannot be taken up", failure);
        }
    }

    private ChildFailed childFailed(AwaitedChild child) {
        ChildReport report = child.report();
        return new ChildFailed("the child ended before it %s: %s%s".formatted(
                visitors.turnedAway().isEmpty() ? "connected" : "got through", report,
                visitors.turnedAway()), report, null);
    }

    /// Listens to each visitor once.
    private @Nullable Link<O, I> look(@Nullable AwaitedChild child) throws InterruptedException {
        for (UnixConnection visitor = visitors.next(); visitor != null; visitor = visitors.next()) {
            Link<O, I> link = hear(visitor, child);
            if (link != null) {
                return link;
            }
        }
        return null;
    }

    /// @return null if that was not the one
    private @Nullable Link<O, I> hear(UnixConnection visitor, @Nullable AwaitedChild child)
            throws InterruptedException {
        switch (visitor.inflow().poll()) {
            case Inflow.Taken.Nothing _ -> visitors.reject(visitor, "it was silent for 2 s");
            case Inflow.Taken.Over(ConnectionEnd end) -> visitors.reject(visitor,
                    end.text().isEmpty() ? "it went before it said a word" : end.text());
            case Inflow.Taken.Arrived(SocketFrame _) when visitor.lifeline() != null ->
                    visitors.keep(Objects.requireNonNull(visitor.lifeline()));
            case Inflow.Taken.Arrived(SocketFrame frame) -> {
                SocketHello greeting = frame.kind() != SocketFrame.Kind.HELLO ? null
                        : SocketHello.read(frame.bytes());
                if (greeting != null) {
                    return greet(visitor, greeting, child);
                }
                visitors.reject(visitor, "it did not greet: kind=" + frame.kind());
            }
        }
        return null;
    }

    /// @return null if it was turned away
    private @Nullable Link<O, I> greet(UnixConnection visitor, SocketHello greeting,
            @Nullable AwaitedChild child) throws InterruptedException {
        String strangeness = greeting.strangeness();
        if (strangeness != null) {
            refuse(visitor, new Refusal(false, strangeness), child, strangeness);
            if (child == null) {
                return null;
            }
            throw new HandshakeFailed("the child cannot be talked to: " + strangeness);
        }
        TypeMismatch mismatch = types.mismatch(greeting);
        if (mismatch != null) {
            String words = types.forChild(mismatch);
            refuse(visitor, new Refusal(true,
                    Objects.requireNonNullElse(words, "it means other types than this listener")),
                    child, String.valueOf(mismatch.getMessage()));
            if (child == null) {
                return null;
            }
            throw mismatch;
        }
        return admit(visitor, child);
    }

    private Link<O, I> admit(UnixConnection visitor, @Nullable AwaitedChild child)
            throws InterruptedException {
        visitor.inflow().open();
        // A child that has ended meanwhile is heard all the same. Not by tryPut: it does nothing
        // where the loop is just looking whether there is something to be flushed.
        visitor.outflow().put(SocketFrame.of(SocketFrame.Kind.WELCOME), Deadline.NOW);
        Lifeline lifeline = visitors.release(visitor.peer());
        if (child != null) {
            CompletableFuture<Void> _ = child.onExit().thenRun(visitor::onPeerDeath);
            child.connected(lifeline);
        }
        close();
        return new UnixLink<>(visitor, settings, OtherSide.client(visitor.peer(), child));
    }

    /// Says to a visitor why it is refused. A child that is must not outlive this process either, so
    /// it keeps its lifeline; where any process may come, others may follow.
    private void refuse(UnixConnection visitor, Refusal refusal, @Nullable AwaitedChild child,
            String reason) throws InterruptedException {
        if (child != null) {
            Lifeline _ = visitors.release(visitor.peer());
        }
        visitor.outflow().put(new SocketFrame(SocketFrame.Kind.REFUSAL, refusal.toBytes()),
                Deadline.NOW);
        if (child != null) {
            visitor.drop();
        } else {
            visitors.reject(visitor, reason);
        }
    }

    @Override
    public void close() {
        visitors.close();
        if (isClosed.compareAndSet(false, true)) {
            directory.close();
            server.close();
        }
    }

    @Override
    public String toString() {
        return "UnixListener[%s%s]".formatted(address(), visitors.isClosed() ? ", closed" : "");
    }
}
