package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.process.ProcessEnd;
import dev.ipcchannel.internal.wait.Waiter;
import dev.ipcchannel.internal.wire.LaneException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The server's side: a socket with an unguessable name, by which one client is accepted.
///
/// It looks at all connections in turn, so a stranger that is silent, or sends garbage, delays no
/// other client. The first client that greets properly, and brings everything, is accepted.
///
/// @param <G> what a client has brought then, by a [Doorway]
public final class Rendezvous<G> implements AutoCloseable {

    // Then the present candidates are looked at.
    private static final int MAX_CONNECTIONS_A_LOOK = 32;

    private final Doorway<G> doorway;
    private final ServerDirectory directory;
    private final Descriptor listener;
    private final AtomicBoolean isAccepting = new AtomicBoolean();
    private final PollSet pollSet = new PollSet();
    private final Candidates<G> candidates; // guarded by this
    private boolean isClosed; // guarded by this, as accept and the teardown are
    private boolean hasAccepted; // guarded by this
    private volatile boolean isClosing;
    private volatile @Nullable Runnable waker; // of the thread that waits

    private Rendezvous(Doorway<G> doorway, ServerDirectory directory, Descriptor listener) {
        this.doorway = doorway;
        this.directory = directory;
        this.listener = listener;
        this.candidates = new Candidates<>(doorway);
    }

    /// Opens a server in a directory of its own. The directory is removed when the server is
    /// closed, when the JVM has run its shutdown hooks, or, if the JVM is killed, by the next
    /// server of this user.
    ///
    /// @param doorway is closed with the server, also if the server cannot be opened
    public static <G> Rendezvous<G> open(Doorway<G> doorway) {
        ServerDirectory directory = null;
        Descriptor listener = null;
        Rendezvous<G> opened = null;
        try {
            directory = ServerDirectory.create();
            listener = doorway.listen(directory.socketPath());
            opened = new Rendezvous<>(doorway, directory, listener);
            return opened;
        } finally {
            if (opened == null) {
                if (listener != null) {
                    Sockets.endListener(listener);
                }
                if (directory != null) {
                    directory.close();
                }
                doorway.close();
            }
        }
    }

    /// The name that a client needs.
    public String name() {
        return directory.socketPath();
    }

    /// Whether it has ended, or is about to.
    public boolean isClosed() {
        return isClosing;
    }

    /// The number of connections turned away so far.
    public int rejected() {
        return candidates.rejected();
    }

    /// Waits for the one client: for the right one, the child's exit, the deadline or an interrupt,
    /// whichever comes first. An accepted client ends the server.
    ///
    /// @param child the process that is expected to connect, or whose relative is; null for any
    /// process
    /// @param vetting of what a client has brought
    /// @throws LaneException if the server is closed, before or meanwhile
    /// @throws RendezvousException if the child itself connects and breaks the protocol
    /// @throws RuntimeException of `vetting`, if the client is the child
    public <T> Outcome<T> accept(@Nullable Child child, Vetting<G, T> vetting,
            Deadline deadline) throws InterruptedException {
        if (!isAccepting.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "a server is waited on by one thread at a time: name=" + name());
        }
        try {
            return acceptAlone(new Admission<>(candidates, child, vetting), deadline);
        } finally {
            isAccepting.set(false);
        }
    }

    private synchronized <T> Outcome<T> acceptAlone(Admission<G, T> admission, Deadline deadline)
            throws InterruptedException {
        Child child = admission.child();
        Waiter waiter = Waiter.borrow();
        Runnable wakeup = waiter.waker();
        candidates.await(child);
        waker = wakeup; // before "closing" is loaded: see close
        if (child != null) { // which may end long after this wait
            CompletableFuture<Void> _ = ProcessEnd.of(child.process()).thenRun(wakeup);
        }
        try {
            while (true) {
                Outcome<T> outcome = look(admission);
                if (outcome != null) {
                    return outcome;
                }
                if (deadline.isPast()) {
                    candidates.timedOut();
                    return new Outcome.TimedOut<>(!candidates.all().isEmpty(),
                            candidates.turnedAway());
                }
                await(waiter, deadline);
            }
        } finally {
            waker = null;
            waiter.giveBack();
        }
    }

    /// Looks at each candidate once, and at the child.
    private <T> @Nullable Outcome<T> look(Admission<G, T> admission) {
        checkOpen();
        Child child = admission.child();
        // Before the queue is looked at: everything that an ended child sent has arrived by then.
        boolean hasChildEnded = child != null && !child.process().isAlive();
        boolean mayBeMore = takeConnections();
        Outcome.Accepted<T> accepted = admission.look();
        if (accepted != null) {
            hasAccepted = true;
            close();
            return accepted;
        }
        candidates.thinOut();
        if (child == null || !hasChildEnded || mayBeMore || candidates.isRelativeThere()) {
            return null;
        }
        return new Outcome.ChildEnded<>(child.process().exitValue(), candidates.turnedAway());
    }

    private void checkOpen() {
        if (isClosing) {
            throw new LaneException(LaneException.Kind.CLOSED,
                    "this server is closed, or has accepted its client: name="
                            + name());
        }
    }

    /// Takes up the connections in the queue.
    ///
    /// @return whether there may be more
    private boolean takeConnections() {
        for (int i = 0; i < MAX_CONNECTIONS_A_LOOK; i++) {
            Descriptor connection = Sockets.accept(listener);
            if (connection == null) {
                return false;
            }
            candidates.add(connection);
        }
        return true;
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

    /// Ends the server: no more clients can connect, and its directory is removed. A thread that
    /// waits in [#accept] is woken. The second and later closes do nothing.
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
            endRest();
        }
    }

    private void endRest() {
        try {
            directory.close();
        } finally {
            doorway.close();
        }
    }

    /// The last word to connections that were not looked at; nothing if there is no memory for it.
    private Consumer<Descriptor> lastWord() {
        try {
            Refusal why = candidates.atTheEnd(hasAccepted);
            return unseen -> doorway.sayLast(unseen, why);
        } catch (OutOfMemoryError _) {
            return _ -> {};
        }
    }
}
