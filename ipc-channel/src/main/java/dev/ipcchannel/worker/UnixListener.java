package dev.ipcchannel.worker;

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
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.posix.PosixException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A place where one child connects.
///
/// The loop takes up all that come, and the thread that accepts listens to all of them side by
/// side: a stranger that is silent or talks nonsense delays nobody. Only processes of this user can
/// come.
///
/// @param <O> the type of what the parent sends
/// @param <I> the type of what the parent receives
final class UnixListener<O, I> implements Transport.Listener<O, I> {

    private final UnixLink.Settings<O, I> settings;
    private final LinkTypes types;
    private final SocketCandidates visitors = new SocketCandidates();
    private final UnixServer server;
    private final AtomicBoolean isAccepting = new AtomicBoolean();

    private UnixListener(UnixLink.Settings<O, I> settings, LinkTypes types) {
        this.settings = settings;
        this.types = types;
        this.server = UnixServer.open(settings.maxMessage(), visitors);
    }

    static <O, I> UnixListener<O, I> open(UnixLink.Settings<O, I> settings, LinkTypes types) {
        return new UnixListener<>(settings, types);
    }

    @Override
    public String address() {
        return server.address();
    }

    /// One thread at a time.
    @Override
    public Link<O, I> accept(ChildProcess child, Duration timeout) throws InterruptedException {
        Argument.given(child, "child");
        Deadline deadline = Deadline.after(timeout);
        if (!isAccepting.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "a listener is waited on by one thread at a time: " + this);
        }
        try {
            return acceptAlone(child, timeout, deadline);
        } finally {
            child.setTurnedAway(visitors.lastRejection());
            isAccepting.set(false);
        }
    }

    private Link<O, I> acceptAlone(ChildProcess child, Duration timeout, Deadline deadline)
            throws InterruptedException {
        server.goOn();
        CompletableFuture<Void> _ = child.onExit().thenRun(visitors::tell);
        while (true) {
            checkOpen();
            // Before the look: what an ended child has sent is all there by then.
            boolean hasEnded = !child.isAlive();
            if (hasEnded) {
                server.lookClosely(visitors::read);
            }
            Link<O, I> link = look(child);
            if (link != null) {
                return link;
            }
            if (hasEnded) {
                throw childFailed(child);
            }
            if (deadline.isPast()) {
                throw new TimedOut(
                        "the child did not connect within the time given: timeout=%s, pid=%d%s"
                                .formatted(ShownTime.of(timeout), child.pid(),
                                        visitors.turnedAway()));
            }
            visitors.await(deadline);
        }
    }

    private void checkOpen() {
        if (visitors.isClosed()) {
            throw new EndClosed("this listener is closed, or has accepted its child: " + this);
        }
        PosixException failure = visitors.failure();
        if (failure != null) {
            throw SocketFailures.of("a child's connection cannot be taken up", failure);
        }
    }

    private ChildFailed childFailed(ChildProcess child) {
        ChildReport report = child.report();
        return new ChildFailed("the child ended before it %s: %s%s".formatted(
                visitors.turnedAway().isEmpty() ? "connected" : "got through", report,
                visitors.turnedAway()), report, null);
    }

    /// Listens to each visitor once.
    private @Nullable Link<O, I> look(ChildProcess child) throws InterruptedException {
        for (UnixConnection visitor = visitors.next(); visitor != null; visitor = visitors.next()) {
            Link<O, I> link = hear(visitor, child);
            if (link != null) {
                return link;
            }
        }
        return null;
    }

    /// @return null if that was not the child
    private @Nullable Link<O, I> hear(UnixConnection visitor, ChildProcess child)
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

    private Link<O, I> greet(UnixConnection visitor, SocketHello greeting, ChildProcess child)
            throws InterruptedException {
        String strangeness = greeting.strangeness();
        if (strangeness != null) {
            refuse(visitor, new Refusal(false, strangeness));
            throw new HandshakeFailed("the child cannot be talked to: " + strangeness);
        }
        TypeMismatch mismatch = types.mismatch(greeting);
        if (mismatch != null) {
            String words = types.forChild(mismatch);
            refuse(visitor, new Refusal(true,
                    Objects.requireNonNullElse(words, "it means other types than its parent")));
            throw mismatch;
        }
        visitor.inflow().open();
        // A child that has ended meanwhile is heard all the same. Not by tryPut: it does nothing
        // where the loop is just looking whether there is something to be flushed.
        visitor.outflow().put(SocketFrame.of(SocketFrame.Kind.WELCOME), Deadline.NOW);
        CompletableFuture<Void> _ = child.onExit().thenRun(visitor::onPeerDeath);
        child.setLifeline(visitors.release(visitor.peer()));
        close();
        return new UnixLink<>(visitor, settings, child);
    }

    /// A child that is refused must not outlive this process either, so it keeps its lifeline.
    private void refuse(UnixConnection visitor, Refusal refusal) throws InterruptedException {
        Lifeline _ = visitors.release(visitor.peer());
        visitor.outflow().put(new SocketFrame(SocketFrame.Kind.REFUSAL, refusal.toBytes()),
                Deadline.NOW);
        visitor.drop();
    }

    @Override
    public void close() {
        visitors.close();
        server.close();
    }

    @Override
    public String toString() {
        return "UnixListener[%s%s]".formatted(address(), visitors.isClosed() ? ", closed" : "");
    }
}
