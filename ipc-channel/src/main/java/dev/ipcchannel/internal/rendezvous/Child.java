package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.end.Peer;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// A child process that is expected to connect.
///
/// @param process the child, or the first of a few that start each other
/// @param start the further knowledge and wishes of its starter; null if there are none
public record Child(Process process, @Nullable Start start) {

    /// The conditions of a transport that waits for a child.
    public interface Terms {

        /// Checks the child's first message.
        ///
        /// @throws RuntimeException the transport's exception, if the message is refused
        void check(Object message);

        /// Whether a failure came from [#check]: then the start has ended, whichever process the
        /// failure is about.
        boolean isBroken(RuntimeException failure);

        /// The refusal for a message that fails [#check]; null if the refusal for any client will
        /// do.
        @Nullable
        String words(RuntimeException failure);
    }

    /// The start of a child, until the child has connected. Its starter knows more than the child's
    /// process: it is a transport, which has terms, or it captures the output.
    public static final class Start implements AutoCloseable {

        // A user's own server has no start, and knows only the process.
        private static final ConcurrentMap<Process, Start> ALL = new ConcurrentHashMap<>();

        private final Process child;
        private final String name;
        private final Peer.ErrorLines errorLines;
        private final @Nullable Terms terms;
        private final long sinceNanos;
        // Written by the accepting thread, as the next is.
        private volatile @Nullable Lifeline lifeline;
        private volatile @Nullable String lastRejection;

        private Start(Process child, String name, Peer.ErrorLines errorLines,
                @Nullable Terms terms, long sinceNanos) {
            this.sinceNanos = sinceNanos;
            this.child = child;
            this.name = name;
            this.errorLines = errorLines;
            this.terms = terms;
        }

        /// Begins a start, which its server finds by the process.
        ///
        /// @param name of the child, as its user chose it; empty if it has none
        /// @param errorLines the last lines of its error output, as far as they are captured
        /// @param terms of a transport; null if a user's own server waits
        /// @param sinceNanos when it was started, as a [System#nanoTime]
        public static Start begin(Process child, String name, Peer.ErrorLines errorLines,
                @Nullable Terms terms, long sinceNanos) {
            Start start = new Start(child, name, errorLines, terms, sinceNanos);
            ALL.put(child, start);
            return start;
        }

        /// The terms of a transport, whose user does not know of a server; null if a user's own
        /// server waits.
        public @Nullable Terms terms() {
            return terms;
        }

        /// The lifeline of the process that was accepted; null until then.
        public @Nullable Lifeline lifeline() {
            return lifeline;
        }

        void arrived(Lifeline connected) {
            lifeline = connected;
        }

        /// The reason why the last process was turned away; null if none was.
        public @Nullable String lastRejection() {
            return lastRejection;
        }

        void rejected(String reason) {
            lastRejection = reason;
        }

        @Override
        public void close() {
            ALL.remove(child, this);
        }
    }

    /// A child with its start, if there is one.
    public static Child of(Process process) {
        return new Child(process, Start.ALL.get(process));
    }

    /// The terms of the transport that waits for it; null if none does.
    public @Nullable Terms terms() {
        return start == null ? null : start.terms;
    }

    /// The last lines of its error output, as far as they are captured.
    ///
    /// @param mayWait whether the caller may wait for the last lines of a child that has just ended
    public List<String> errorLines(boolean mayWait) {
        return start == null ? List.of() : start.errorLines.get(mayWait);
    }

    /// When it was started; now, if that is not known.
    long sinceNanos() {
        return start == null ? System.nanoTime() : start.sinceNanos;
    }

    /// Its name, as its user chose it; empty if it is not known.
    String name() {
        return start == null ? "" : start.name;
    }
}
