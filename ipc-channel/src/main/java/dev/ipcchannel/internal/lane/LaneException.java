package dev.ipcchannel.internal.lane;

import org.jspecify.annotations.Nullable;

/// Why an end of a channel cannot go on. The public API turns it into its own exceptions, by kind.
public final class LaneException extends RuntimeException {

    /// What happened.
    public enum Kind {
        /// The other side is gone.
        DISCONNECTED,
        /// The other side broke the format.
        VIOLATION,
        /// Descriptors, memory or the like have run out.
        EXHAUSTED,
        /// Too many descriptors of this user are on their way; it passes as they are received.
        CROWDED,
        /// The receiver has not taken this sender up, or has cut it off: something has run out there.
        REFUSED,
        /// This end was closed or moved by its own process.
        CLOSED
    }

    private final Kind kind;

    public LaneException(Kind kind, String message) {
        this(kind, message, null);
    }

    public LaneException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /// Whether a later try may go well: something has run out, and nothing has ended.
    boolean isPassing() {
        return kind == Kind.EXHAUSTED || kind == Kind.CROWDED;
    }

    /// What happened.
    public Kind kind() {
        return kind;
    }
}
