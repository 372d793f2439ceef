package dev.ipcchannel.internal.rendezvous;

/// The failure to bring two processes together.
public final class RendezvousException extends RuntimeException {

    /// The kind of reason.
    public enum Kind {
        /// There is no listener at that name any more.
        NOBODY_THERE,
        /// Too many others wait to be accepted, and did so up to the deadline.
        QUEUE_FULL,
        /// There is a listener, but of another program, another user, or another version.
        REFUSED,
        /// The greeting could not be sent, because a resource has run out.
        EXHAUSTED,
        /// There is no directory for the socket, or no right to use one.
        NO_DIRECTORY
    }

    private final Kind kind;

    RendezvousException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /// The kind of reason.
    public Kind kind() {
        return kind;
    }
}
