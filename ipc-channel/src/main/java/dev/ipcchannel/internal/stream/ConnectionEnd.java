package dev.ipcchannel.internal.stream;

import dev.ipcchannel.internal.base.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The reason why a connection cannot go on.
///
/// @param reason in a word
/// @param text details, as the end of a sentence from its comma on; may be empty
/// @param cause its cause, if there is one
/// @param patience until when an exit code is waited for: a dying process closes its sockets a
/// moment before its exit code can be read
public record ConnectionEnd(Reason reason, String text, @Nullable Throwable cause,
        Deadline patience) {

    /// The kind of reason.
    public enum Reason {
        /// This side has closed it.
        CLOSED_HERE,
        /// The other side has announced its close.
        CLOSED_THERE,
        /// It has ended without an announcement.
        GONE,
        /// The socket takes no more bytes: [#CLOSED_THERE] or [#GONE]; a moment later it is known
        /// which.
        UNREACHABLE,
        /// The bytes that came cannot be this library's.
        VIOLATION,
        /// There is no memory for the bytes that came.
        EXHAUSTED
    }

    private static final Duration EXIT_PATIENCE = Duration.ofMillis(50);

    /// An end at this moment.
    static ConnectionEnd of(Reason reason, String text, @Nullable Throwable cause) {
        return new ConnectionEnd(reason, text, cause, Deadline.after(EXIT_PATIENCE));
    }

    static ConnectionEnd of(Reason reason) {
        return of(reason, "", null);
    }
}
