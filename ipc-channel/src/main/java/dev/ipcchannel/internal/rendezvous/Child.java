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
/// @param start what else its starter knows, or wants; null if nothing
public record Child(Process process, @Nullable Start start) {

    /// The terms by which a transport waits for a child.
    public interface Terms {

        /// Looks at the child's first message.
        ///
        /// @throws RuntimeException what the transport is to throw, if the message may not be taken
        void check(Object message);

        /// Whether a failure is what [#check] has thrown: the end of the start, whichever process
        /// it is about.
        boolean isBroken(RuntimeException failure);

        /// The refusal for a message that fails here; null where that of any client will do.
        @Nullable
        String words(RuntimeException failure);
    }

    /// A start of a child by one that knows more than its process, from then on until it has
    /// connected: by a transport, which has terms, or with an output that is captured.
    public static final class Start implements AutoCloseable {

        // A server is any user's, and takes no more than the process.
        private static final ConcurrentMap<Process, Start> ALL = new ConcurrentHashMap<>();

        private final Process child;
        private final String name;
        private final Peer.ErrorLines errorLines;
        private final @Nullable Terms terms;
        private final long sinceNanos;
        private volatile @Nullable Lifeline lifeline; // by the thread that accepts, as the next
        private volatile @Nullable String lastRejection;

        private Start(Process child, String name, Peer.ErrorLines errorLines,
                @Nullable Terms terms, long sinceNanos) {
            this.sinceNanos = sinceNanos;
            this.child = child;
            this.name = name;
            this.errorLines = errorLines;
            this.terms = terms;
        }

        /// Begins one, which its server finds by the process.
        ///
        /// @param name of the child, as its user has it; empty if it has none
        /// @param errorLines the last lines of its error output, as far as they are captured
        /// @param terms of a transport; null where a user's own server waits
        /// @param sinceNanos when it was started, as [System#nanoTime] has it
        public static Start begin(Process child, String name, Peer.ErrorLines errorLines,
                @Nullable Terms terms, long sinceNanos) {
            Start start = new Start(child, name, errorLines, terms, sinceNanos);
            ALL.put(child, start);
            return start;
        }

        /// Those of a transport, whose user knows of no server; null where a user's own server
        /// waits.
        public @Nullable Terms terms() {
            return terms;
        }

        /// That of the process which has got through; null until then.
        public @Nullable Lifeline lifeline() {
            return lifeline;
        }

        void arrived(Lifeline connected) {
            lifeline = connected;
        }

        /// Why the last process that has connected was turned away; null if none was.
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

    /// A child with its start, if one has begun.
    public static Child of(Process process) {
        return new Child(process, Start.ALL.get(process));
    }

    /// The terms by which a transport waits for it; null if none does.
    public @Nullable Terms terms() {
        return start == null ? null : start.terms;
    }

    /// The last lines of its error output, as far as they are captured.
    ///
    /// @param mayWait whether the caller may wait for the last words of one that has just ended
    public List<String> errorLines(boolean mayWait) {
        return start == null ? List.of() : start.errorLines.get(mayWait);
    }

    /// When it was started; now, if that is not known.
    long sinceNanos() {
        return start == null ? System.nanoTime() : start.sinceNanos;
    }

    /// Its name, as its user has it; empty if that is not known.
    String name() {
        return start == null ? "" : start.name;
    }
}
