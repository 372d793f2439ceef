package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.end.Peer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// A child process that is expected to connect.
///
/// @param process the child, or the first of a few that start each other
/// @param errorLines the last lines of its error output, as far as they are captured
/// @param start of a transport, whose user knows of no server; null where a user's own server waits
public record Child(Process process, Peer.ErrorLines errorLines, @Nullable Start start) {

    /// The terms by which a transport waits for a child.
    public interface Terms {

        /// Looks at the child's first message.
        ///
        /// @throws RuntimeException what the transport is to throw, if the message may not be taken
        void check(Object message);

        /// Whether a failure is what [#check] has thrown: the end of the start, whichever process it
        /// is about.
        boolean isBroken(RuntimeException failure);

        /// The refusal for a message that fails here; null where that of any client will do.
        @Nullable
        String words(RuntimeException failure);
    }

    /// A start of a child by a transport, from then on until it has connected.
    public static final class Start implements AutoCloseable {

        // A server is a user's too, and takes no more than the process.
        private static final ConcurrentMap<Process, Start> ALL = new ConcurrentHashMap<>();

        private final Process child;
        private final String name;
        private final Terms terms;
        private final long sinceNanos;
        private volatile @Nullable Lifeline lifeline; // by the thread that accepts, as the next
        private volatile @Nullable String lastRejection;

        private Start(Process child, String name, Terms terms, long sinceNanos) {
            this.sinceNanos = sinceNanos;
            this.child = child;
            this.name = name;
            this.terms = terms;
        }

        /// Begins one, which its server finds by the process.
        ///
        /// @param name of the child, as its user has it
        /// @param sinceNanos when it was started, as [System#nanoTime] has it
        public static Start begin(Process child, String name, Terms terms, long sinceNanos) {
            Start start = new Start(child, name, terms, sinceNanos);
            ALL.put(child, start);
            return start;
        }

        /// See [Terms].
        public Terms terms() {
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

    /// A child with its start, if a transport has begun one.
    public static Child of(Process process, Peer.ErrorLines errorLines) {
        return new Child(process, errorLines, Start.ALL.get(process));
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
