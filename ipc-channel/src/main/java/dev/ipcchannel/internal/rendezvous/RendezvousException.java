package dev.ipcchannel.internal.rendezvous;

/// Two processes could not be brought together.
public final class RendezvousException extends RuntimeException {

    /// The kind of reason.
    public enum Kind {
        /// Nobody listens at that name any more.
        NOBODY_THERE,
        /// Too many others wait to be accepted, and did so up to the deadline.
        QUEUE_FULL,
        /// Somebody is there, and it is not one of ours, not our user, or another version.
        REFUSED,
        /// The greeting could not be sent, for something has run out.
        EXHAUSTED,
        /// There is no directory to put the socket in, or no right to.
        NO_DIRECTORY
    }

    private final Kind kind;

    RendezvousException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /// Why not.
    public Kind kind() {
        return kind;
    }
}
