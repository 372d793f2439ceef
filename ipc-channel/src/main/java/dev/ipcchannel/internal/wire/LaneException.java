package dev.ipcchannel.internal.wire;

import dev.ipcchannel.internal.process.ExitCode;
import org.jspecify.annotations.Nullable;

/// The reason why an end of a channel cannot go on. The public API turns it into its own
/// exceptions, by kind.
public final class LaneException extends RuntimeException {

    /// The kind of a failure.
    public enum Kind {
        /// The other side is gone.
        DISCONNECTED,
        /// The other side broke the format.
        VIOLATION,
        /// Descriptors, memory or the like have run out.
        EXHAUSTED,
        /// Too many descriptors of this user are in flight; it passes as they are received.
        CROWDED,
        /// The receiver has not taken this sender up, or has cut it off: a resource has run out
        /// there.
        REFUSED,
        /// There is no receiver now, for a sender that may have many.
        NO_RECEIVER,
        /// A message is longer than its receiver takes.
        TOO_LARGE,
        /// The other side uses other types, and has refused this client for that reason.
        MISMATCH,
        /// This end was closed or moved by its own process.
        CLOSED
    }

    /// The way in which the other side has ended, if it has.
    public enum End {
        /// In order.
        CLOSED,
        /// With its process.
        DIED,
        /// In one of these ways; a process that is known to have ended counts as [#DIED].
        UNKNOWN,
        /// With its process, in order, or with a client that is not accepted: not known yet.
        UNDECIDED
    }

    private final Kind kind;
    private final End end;
    // The act of a parent or child, if it is the other side; may be empty.
    private final String asRelative;
    private final @Nullable PeerAccount account;

    public LaneException(Kind kind, String message) {
        this(kind, message, null);
    }

    public LaneException(Kind kind, String message, @Nullable Throwable cause) {
        this(kind, message, cause, End.CLOSED, "", null);
    }

    private LaneException(Kind kind, String message, @Nullable Throwable cause, End end,
            String asRelative, @Nullable PeerAccount account) {
        super(message, cause);
        this.kind = kind;
        this.end = end;
        this.asRelative = asRelative;
        this.account = account;
    }

    /// The exception for another side that is gone.
    public static LaneException disconnected(String message, End end) {
        return disconnected(message, "", end);
    }

    /// The same, with words for a user to whom the other process is a parent or a child, and not a
    /// sender or receiver: `has closed the channel`.
    public static LaneException disconnected(String message, String asRelative, End end) {
        return new LaneException(Kind.DISCONNECTED, message, null, end, asRelative, null);
    }

    /// The exception for another side that is gone, for a reason that is not known yet.
    public static LaneException undecided(String message) {
        return disconnected(message, End.UNDECIDED);
    }

    /// The exception with the process that it is about.
    public LaneException about(@Nullable PeerAccount other) {
        String message = String.valueOf(getMessage());
        if (other == null) {
            return new LaneException(kind, message, this, end, asRelative, null);
        }
        boolean hasEnded = end != End.CLOSED && other.exitCode().isPresent();
        boolean isOfOther = !asRelative.isEmpty() && !other.relation().isEmpty();
        String what = hasEnded && end == End.UNKNOWN ? "the child has ended"
                : isOfOther ? other.relation() + " " + asRelative : message;
        return new LaneException(kind, what
                + (hasEnded ? ExitCode.remedy(other.exitCode().getAsInt(), other.kill().words())
                        : "")
                + ": "
                + (isOfOther ? "" : other.ownerPrefix()) + other,
                this, end, asRelative, other);
    }

    /// Whether the process at the other side has ended without a close, as far as it is known.
    public boolean isDeath() {
        return end == End.DIED
                || (end == End.UNKNOWN && account != null && account.exitCode().isPresent());
    }

    /// The facts known of the process that it is about; null if there are none.
    public @Nullable PeerAccount account() {
        return account;
    }

    /// Whether a later try may end otherwise: a resource has run out but nothing has ended, or the
    /// reason of an end is not known yet.
    public boolean isPassing() {
        return kind == Kind.EXHAUSTED || kind == Kind.CROWDED || end == End.UNDECIDED;
    }

    /// Throws this exception unless it is about too many descriptors in flight, for which a send
    /// waits.
    public void throwUnlessCrowd() {
        if (kind != Kind.CROWDED) {
            throw this;
        }
    }

    /// The kind of the failure.
    public Kind kind() {
        return kind;
    }
}
