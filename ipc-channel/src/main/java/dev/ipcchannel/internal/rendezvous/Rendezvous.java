package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.end.Incoming;
import dev.ipcchannel.internal.end.PacketLifeline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.posix.Users;
import dev.ipcchannel.internal.process.ProcessEnd;
import dev.ipcchannel.internal.receive.Inbox;
import dev.ipcchannel.internal.wait.Waiter;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LanePacket;
import dev.ipcchannel.internal.wire.LaneSettings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The server's side: a socket with an unguessable name, which one client gets through.
///
/// All connections are looked at side by side, so a stranger that is silent, or talks nonsense,
/// delays nobody. Whoever greets properly and sends a first message is the one.
public final class Rendezvous implements AutoCloseable {

    /// The outcome of an [#accept], if the child did not do something that is an error of its own.
    ///
    /// @param <T> the type of the first message
    public sealed interface Outcome<T> {

        /// A client is there, and this is its first message.
        record Accepted<T>(T message, long pid) implements Outcome<T> {}

        /// The child ended, and nothing of it was in the queue.
        ///
        /// @param lastRejection why the last connection was turned away, if one was
        record ChildEnded<T>(int exitCode, @Nullable String lastRejection) implements Outcome<T> {}

        /// The deadline came first.
        ///
        /// @param isClientThere whether one has connected that has sent no message so far
        /// @param lastRejection why the last connection was turned away, if one was
        record TimedOut<T>(boolean isClientThere, @Nullable String lastRejection)
                implements Outcome<T> {}
    }

    /// A taker of the first message of an inbox that has one.
    ///
    /// @param <T> its type
    public interface FirstMessage<T> {

        /// Takes the message. What it throws is a reason to turn a stranger away, and an error
        /// where it is the child.
        ///
        /// @param accepting is run last: where it fails as well, the message is dropped
        /// @param failing is called first, before anything that has come with the message is closed:
        /// the client is to find the reason where it finds that
        T takeFrom(Incoming way, Runnable accepting, Consumer<Throwable> failing);

        /// What is said to a client because of what [#takeFrom] has thrown.
        Refusal refusal(RuntimeException failure);
    }

    private static final int MAX_CONNECTIONS_A_LOOK = 32; // then those who are there are looked at

    private final ServerDirectory directory;
    private final Descriptor listener;
    private final AtomicBoolean isAccepting = new AtomicBoolean();
    private final PollSet pollSet = new PollSet();
    private final Candidates candidates = new Candidates(); // guarded by this
    private boolean isClosed; // guarded by this, as accept and the teardown are
    private boolean hasAccepted; // guarded by this
    private volatile boolean isClosing;
    private volatile @Nullable Runnable waker; // of the thread that waits

    private Rendezvous(ServerDirectory directory, Descriptor listener) {
        this.directory = directory;
        this.listener = listener;
    }

    /// Opens a server in a directory of its own, which is removed when it is closed, when the JVM
    /// has run its shutdown hooks, or, if the JVM is killed, by the next server of this user.
    public static Rendezvous open() {
        ServerDirectory directory = ServerDirectory.create();
        try {
            return open(directory, Sockets.listen(directory.socketPath()));
        } catch (RuntimeException | Error failure) {
            directory.close();
            throw failure;
        }
    }

    private static Rendezvous open(ServerDirectory directory, Descriptor listener) {
        try {
            return new Rendezvous(directory, listener);
        } catch (RuntimeException | Error failure) {
            Sockets.endListener(listener);
            throw failure;
        }
    }

    /// What a client needs to know.
    public String name() {
        return directory.socketPath();
    }

    /// How many connections were turned away so far.
    public int rejected() {
        return candidates.rejected();
    }

    /// Waits for the one client: the right one, the child's exit, the deadline or an interrupt,
    /// whichever comes first. A client that gets through ends the server.
    ///
    /// @param child the process that is expected to connect, or to have a relative connect; null
    ///        for anybody
    /// @param settings of the bootstrap channel's receiver
    /// @throws LaneException if the server is closed, before or meanwhile
    /// @throws RendezvousException if the child itself connects and is not one of us
    /// @throws RuntimeException what `firstMessage` throws, if the message is the child's
    public <T> Outcome<T> accept(@Nullable Child child, LaneSettings settings,
            FirstMessage<T> firstMessage, Deadline deadline) throws InterruptedException {
        if (!isAccepting.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "a server is waited on by one thread at a time: name=" + name());
        }
        try {
            return acceptAlone(child, settings, firstMessage, deadline);
        } finally {
            isAccepting.set(false);
        }
    }

    private synchronized <T> Outcome<T> acceptAlone(@Nullable Child child, LaneSettings settings,
            FirstMessage<T> firstMessage, Deadline deadline) throws InterruptedException {
        Waiter waiter = Waiter.borrow();
        Runnable wakeup = waiter.waker();
        candidates.await(child);
        waker = wakeup; // before "closing" is looked at: see close
        if (child != null) { // which may end long after this wait
            CompletableFuture<Void> _ = ProcessEnd.of(child.process()).thenRun(wakeup);
        }
        try {
            while (true) {
                Outcome<T> outcome = look(child, settings, firstMessage);
                if (outcome != null) {
                    return outcome;
                }
                if (deadline.isPast()) {
                    candidates.timedOut();
                    return new Outcome.TimedOut<>(!candidates.all().isEmpty(),
                            candidates.lastRejection());
                }
                await(waiter, deadline);
            }
        } finally {
            waker = null;
            waiter.giveBack();
        }
    }

    /// Looks at everybody once, and at the child.
    private <T> @Nullable Outcome<T> look(@Nullable Child child, LaneSettings settings,
            FirstMessage<T> firstMessage) {
        checkOpen();
        // Before the queue is looked at: what an ended child sent is all there by then.
        boolean hasChildEnded = child != null && !child.process().isAlive();
        boolean mayBeMore = takeConnections(settings);
        Outcome.Accepted<T> accepted = advance(child, firstMessage);
        if (accepted != null) {
            hasAccepted = true;
            close();
            return accepted;
        }
        candidates.thinOut();
        if (child == null || !hasChildEnded || mayBeMore || candidates.isRelativeThere()) {
            return null;
        }
        return new Outcome.ChildEnded<>(child.process().exitValue(), candidates.lastRejection());
    }

    private void checkOpen() {
        if (isClosing) {
            throw new LaneException(LaneException.Kind.CLOSED,
                    "this server is closed, or has accepted its client: name="
                            + name());
        }
    }

    /// Takes up those who have connected.
    ///
    /// @return whether there may be more
    private boolean takeConnections(LaneSettings settings) {
        for (int i = 0; i < MAX_CONNECTIONS_A_LOOK; i++) {
            Descriptor connection = Sockets.accept(listener);
            if (connection == null) {
                return false;
            }
            candidates.add(connection, settings);
        }
        return true;
    }

    private <T> Outcome.@Nullable Accepted<T> advance(@Nullable Child child,
            FirstMessage<T> firstMessage) {
        for (Candidate candidate : candidates.all()) {
            switch (advance(candidate)) {
                case Candidate.Progress.Waiting() -> { /* its turn comes again */ }
                case Candidate.Progress.Rejected(String reason) -> {
                    candidates.drop(candidate, new Refusal(false, reason));
                    candidates.reject(reason);
                }
                case Candidate.Progress.Ready(Inbox inbox) -> {
                    T message = take(candidate, child, inbox, firstMessage);
                    if (message != null) {
                        return new Outcome.Accepted<>(message, candidate.pid());
                    }
                }
            }
        }
        return null;
    }

    private Candidate.Progress advance(Candidate candidate) {
        try {
            return candidate.advance();
        } catch (RuntimeException | Error failure) {
            candidates.fail(candidate, failure);
            throw failure;
        }
    }

    private <T> @Nullable T take(Candidate candidate, @Nullable Child child, Inbox inbox,
            FirstMessage<T> firstMessage) {
        Consumer<Throwable> failing =
                failure -> candidates.refuse(candidate, failure, firstMessage::refusal);
        candidates.release(candidate); // from here on it is closed below, whatever fails
        boolean isTaken = false;
        try {
            T message = firstMessage.takeFrom(inbox, () -> accept(candidate, child), failing);
            isTaken = true;
            return message;
        } catch (RuntimeException failure) {
            failing.accept(failure);
            if (candidate.isChild() || isBroken(child, failure)) {
                throw failure;
            }
            candidates.reject(String.valueOf(failure.getMessage()));
            return null;
        } catch (Error failure) {
            failing.accept(failure);
            throw failure;
        } finally {
            if (!isTaken) {
                candidate.close();
            }
        }
    }

    /// Whether the terms of a start are broken: by its child, or by a relative below a wrapper.
    private static boolean isBroken(@Nullable Child child, RuntimeException failure) {
        Child.Terms terms = child == null ? null : child.terms();
        return terms != null && terms.isBroken(failure);
    }

    private void accept(Candidate candidate, @Nullable Child child) {
        try {
            keep(candidate, child);
        } catch (RuntimeException | Error failure) { // ours, and not in its message
            candidates.refuse(candidate, failure, candidates::failure);
            throw failure;
        }
    }

    /// Says that it is accepted. The connection stays open as long as both processes live; a
    /// process needs none to itself.
    private static void keep(Candidate candidate, @Nullable Child child) {
        candidate.connection().closer().recognise(); // with the channels that came by it
        PacketLifeline lifeline = PacketLifeline.ofServer(candidate.connection());
        lifeline.sayAccepted();
        if (candidate.pid() == Users.ownPid()) {
            lifeline.drop();
        } else if (child != null && child.start() != null) {
            child.start().arrived(lifeline);
        }
    }

    private void await(Waiter waiter, Deadline deadline) throws InterruptedException {
        pollSet.clear();
        pollSet.add(listener, PollSet.READABLE);
        boolean isQuiet = candidates.arm(pollSet);
        try {
            if (isQuiet) {
                waiter.await(pollSet, candidates.patience(deadline));
            }
        } finally {
            candidates.disarm();
        }
    }

    /// Ends the server: nobody can connect any more, and its directory is gone. A thread that waits
    /// in [#accept] is woken. The second and later closes do nothing.
    @Override
    public void close() {
        isClosing = true;
        Runnable current = waker;
        try {
            if (current != null) {
                current.run();
            }
        } finally {
            tearDown();
        }
    }

    private synchronized void tearDown() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            candidates.clear(hasAccepted);
        } finally {
            endListener();
        }
    }

    private void endListener() {
        try {
            Sockets.endListener(listener, lastWord());
        } finally {
            directory.close();
        }
    }

    /// What those are told who have connected and were not looked at: nothing if the heap has no
    /// room for it.
    private Consumer<Descriptor> lastWord() {
        try {
            Refusal why = candidates.atTheEnd(hasAccepted);
            return unseen -> LanePacket.refuse(unseen, false, why);
        } catch (OutOfMemoryError _) {
            return _ -> {};
        }
    }
}
