package dev.ipcchannel.internal.stream;

import dev.ipcchannel.internal.base.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The reason why a connection cannot go on.
///
/// @param reason in a word
/// @param text what there is to say of it, fit to stand behind a comma; perhaps empty
/// @param cause what it came from, if anything
/// @param patience until when an exit code is waited for: a dying process closes its sockets a
/// moment before that can be had
public record ConnectionEnd(Reason reason, String text, @Nullable Throwable cause,
        Deadline patience) {

    /// The kind of reason.
    public enum Reason {
        /// This side has closed it.
        CLOSED_HERE,
        /// The other side has said that it closes it.
        CLOSED_THERE,
        /// It has ended without a word.
        GONE,
        /// The socket takes nothing any more: one of the two before, and which will be known in a
        /// moment.
        UNREACHABLE,
        /// What came cannot be from one of us.
        VIOLATION,
        /// There is no memory for what came.
        EXHAUSTED
    }

    private static final Duration EXIT_PATIENCE = Duration.ofMillis(50);

    /// One that comes about now.
    static ConnectionEnd of(Reason reason, String text, @Nullable Throwable cause) {
        return new ConnectionEnd(reason, text, cause, Deadline.after(EXIT_PATIENCE));
    }

    static ConnectionEnd of(Reason reason) {
        return of(reason, "", null);
    }
}
