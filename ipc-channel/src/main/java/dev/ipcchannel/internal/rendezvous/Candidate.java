package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.Sockets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A client that has connected, and is expected to greet. It is read by the thread that waits.
///
/// From a stranger anything unexpected is a reason to turn it away; from the child itself it is an
/// error worth telling.
///
/// @param <G> what it has brought once it is ready
public abstract class Candidate<G> {

    /// The progress that it has made.
    public sealed interface Progress<G> {

        /// The progress of one from which more has to come.
        record Waiting<G>() implements Progress<G> {}

        /// The progress of one that is not the one expected.
        record Rejected<G>(String reason) implements Progress<G> {}

        /// The progress of one whose connection is for something else, and in other hands now.
        record HandedOver<G>() implements Progress<G> {}

        /// The progress of one that has brought all that it has to.
        record Ready<G>(G brought) implements Progress<G> {}
    }

    /// The reason to turn one away that says something else than a client has to.
    protected static final String STRANGE = "it does not speak ipc-channel";

    /// How long somebody who is not known may take to greet, and then for what has to follow.
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PATIENCE_WITH_ONE_OF_US = Duration.ofSeconds(10);

    private final Descriptor connection;
    private final long pid;
    private final @Nullable Child child;
    private Deadline patience;
    private boolean isRefused; // the reason was sent
    private boolean isHandedOver; // the connection is in other hands, or gone

    /// Takes the connection over.
    ///
    /// @param child the process itself, if it is the child that is waited for
    protected Candidate(Descriptor connection, long pid, @Nullable Child child) {
        this.connection = connection;
        this.pid = pid;
        this.child = child;
        this.patience = child != null ? Deadline.NEVER : Deadline.after(PATIENCE);
    }

    protected final long pid() {
        return pid;
    }

    /// Its connection, which is read and written as long as it is not handed over.
    protected final Descriptor connection() {
        return connection;
    }

    final Deadline patience() {
        return patience;
    }

    /// The process itself, if it is the child that is waited for.
    protected final @Nullable Child child() {
        return child;
    }

    final boolean isChild() {
        return child != null;
    }

    /// Takes what has come. Never waits.
    ///
    /// @throws RendezvousException if it is the child and does not do what a child has to
    final Progress<G> advance() {
        Progress<G> progress = look();
        return progress instanceof Progress.Waiting<G> && patience.isPast()
                ? hungUp("it was silent too long")
                : progress;
    }

    /// Takes what has come, without a wait and without more of it than is due.
    protected abstract Progress<G> look();

    /// Whether it has greeted, and more has to follow.
    protected abstract boolean hasGreeted();

    /// It knows the name and speaks the language: it may only be slow.
    protected final void extendPatience() {
        if (child == null) {
            patience = Deadline.after(PATIENCE_WITH_ONE_OF_US);
        }
    }

    /// Of the child as well no more than turned away: it is about to end, most likely, and will say
    /// why itself.
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
        return new Progress.Rejected<>(reason); // of a child that has ended, its end is the news
    }

    /// The reason to turn one away that is of another version.
    protected static String otherVersion(long version, long ours) {
        return "it speaks another version: version=%d, ours=%d: use the same on both sides"
                .formatted(version, ours);
    }

    /// Adds what is waited for.
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

    /// Says that it is accepted.
    ///
    /// @return its lifeline; null if it has none, or needs none
    protected abstract @Nullable Lifeline accept();

    final boolean isRefused() {
        return isRefused;
    }

    /// Says to it why it is refused, once and while its connection is here; [#close] follows.
    final void refuse(Refusal why) {
        if (!isRefused && !isHandedOver) {
            isRefused = true;
            say(why);
        }
    }

    /// Sends a refusal, if it is there and has room for it. Never waits.
    protected abstract void say(Refusal why);

    /// The same to one that is to end with this process: its lifeline stays.
    ///
    /// @return null if it is gone, or has been told before
    final @Nullable Lifeline refuseAndKeep(Refusal why) {
        if (isRefused) {
            return null;
        }
        try {
            Lifeline lifeline = sayAndKeep(why);
            isRefused = true; // then: where that fails, it is said below
            return lifeline;
        } catch (RuntimeException | OutOfMemoryError _) { // it cannot be kept, and hears why
            refuse(why);
            return null;
        }
    }

    /// Sends a refusal, and keeps its lifeline.
    ///
    /// @return null if there is none
    protected abstract @Nullable Lifeline sayAndKeep(Refusal why);

    /// The connection is in other hands, or gone.
    protected final void handOver() {
        isHandedOver = true;
    }

    /// Ends the connection, unless it is in other hands, and what it has brought.
    final void close() {
        if (!isHandedOver) {
            Sockets.hangUp(connection);
        }
        drop();
    }

    /// Ends what it has brought.
    protected abstract void drop();
}
