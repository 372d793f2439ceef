package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.Sockets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A client that has connected and is expected to greet. The waiting thread reads it.
///
/// Anything unexpected from a stranger is a reason to turn it away; from the child itself it is an
/// error for the caller.
///
/// @param <G> what it has brought once it is ready
public abstract class Candidate<G> {

    /// The progress of a candidate at a look.
    public sealed interface Progress<G> {

        /// The progress of a candidate that has to send more.
        record Waiting<G>() implements Progress<G> {}

        /// The progress of a candidate that is not the expected one.
        record Rejected<G>(String reason) implements Progress<G> {}

        /// The progress of a candidate whose connection has another purpose, and has another owner
        /// now.
        record HandedOver<G>() implements Progress<G> {}

        /// The progress of a candidate that has brought everything.
        record Ready<G>(G brought) implements Progress<G> {}
    }

    /// The reason to turn a candidate away whose bytes are no greeting.
    protected static final String STRANGE = "it does not speak ipc-channel";

    /// The time in which an unknown process has to greet, and after that, the time for the rest.
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PATIENCE_WITH_ONE_OF_US = Duration.ofSeconds(10);

    private final Descriptor connection;
    private final long pid;
    private final @Nullable Child child;
    private Deadline patience;
    private boolean isRefused; // whether the reason was sent
    private boolean isHandedOver; // whether the connection has another owner, or is closed

    /// Takes the connection over.
    ///
    /// @param child the process itself, if it is the child that the accept waits for
    protected Candidate(Descriptor connection, long pid, @Nullable Child child) {
        this.connection = connection;
        this.pid = pid;
        this.child = child;
        this.patience = child != null ? Deadline.NEVER : Deadline.after(PATIENCE);
    }

    protected final long pid() {
        return pid;
    }

    /// Its connection, which is read and written until it is handed over.
    protected final Descriptor connection() {
        return connection;
    }

    final Deadline patience() {
        return patience;
    }

    /// The process itself, if it is the child that the accept waits for.
    protected final @Nullable Child child() {
        return child;
    }

    final boolean isChild() {
        return child != null;
    }

    /// Takes what has come. Never waits.
    ///
    /// @throws RendezvousException if it is the child and breaks the protocol
    final Progress<G> advance() {
        Progress<G> progress = look();
        return progress instanceof Progress.Waiting<G> && patience.isPast()
                ? hungUp("it was silent too long")
                : progress;
    }

    /// Takes what has come, without a wait, and no more of it than is due.
    protected abstract Progress<G> look();

    /// Whether it has greeted, and has to send more.
    protected abstract boolean hasGreeted();

    /// Extends the patience for a process that knows the name and the protocol: it may only be
    /// slow.
    protected final void extendPatience() {
        if (child == null) {
            patience = Deadline.after(PATIENCE_WITH_ONE_OF_US);
        }
    }

    /// The progress of a candidate that hung up. The child is turned away as well: most likely it
    /// is about to end, and reports the reason itself.
    protected final Progress<G> hungUp(String reason) {
        return new Progress.Rejected<>(reason);
    }

    /// Turns a stranger away.
    ///
    /// @throws RendezvousException if it is the child
    protected final Progress<G> turnAway(String reason) {
        if (child != null && child.process().isAlive()) {
            throw new RendezvousException(RendezvousException.Kind.REFUSED,
                    "the child connected, but %s: pid=%d".formatted(reason, pid));
        }
        return new Progress.Rejected<>(reason); // for a child that has ended, its end is reported
    }

    /// The reason to turn a candidate of another version away.
    protected static String otherVersion(long version, long ours) {
        return "it speaks another version: version=%d, ours=%d: use the same on both sides"
                .formatted(version, ours);
    }

    /// Adds the descriptors to wait for.
    ///
    /// @return whether sleeping is safe; [#disarm] follows in either case
    protected boolean arm(PollSet set) {
        set.add(connection, PollSet.READABLE);
        return true;
    }

    /// Ends the wait.
    protected void disarm() {
        // Nothing was begun.
    }

    /// Notifies the candidate that it is accepted.
    ///
    /// @return its lifeline; null if it has none, or needs none
    protected abstract @Nullable Lifeline accept();

    final boolean isRefused() {
        return isRefused;
    }

    /// Sends it the reason of its refusal, once and while its connection is here; [#close] follows.
    final void refuse(Refusal why) {
        if (!isRefused && !isHandedOver) {
            isRefused = true;
            sendRefusal(why);
        }
    }

    /// Sends a refusal, if it is there and has room for it. Never waits.
    protected abstract void sendRefusal(Refusal why);

    /// Sends a refusal to a process that has to end with this one, and keeps its lifeline.
    ///
    /// @return null if it is gone, or was refused before
    final @Nullable Lifeline refuseAndKeep(Refusal why) {
        if (isRefused) {
            return null;
        }
        try {
            Lifeline lifeline = sayAndKeep(why);
            isRefused = true; // afterwards: after a failure the refusal is sent below
            return lifeline;
        } catch (RuntimeException | OutOfMemoryError _) { // it gets only the reason
            refuse(why);
            return null;
        }
    }

    /// Sends a refusal, and keeps its lifeline.
    ///
    /// @return null if there is none
    protected abstract @Nullable Lifeline sayAndKeep(Refusal why);

    /// Notes that the connection has another owner, or is closed.
    protected final void handOver() {
        isHandedOver = true;
    }

    /// Closes the connection, unless it has another owner, and ends what the candidate has brought.
    final void close() {
        if (!isHandedOver) {
            Sockets.hangUp(connection);
        }
        drop();
    }

    /// Ends what it has brought.
    protected abstract void drop();
}
