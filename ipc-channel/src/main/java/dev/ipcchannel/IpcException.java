package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// A failure between processes, of kinds that a `switch` can tell apart.
///
/// Each message is one sentence that says what happened, to what, and what can be done about it.
public abstract sealed class IpcException extends RuntimeException
        permits CallFailed, ChildFailed, CodecFailed, Disconnected, EndClosed, HandshakeFailed,
        MessageTooLarge, NoReceiver, ProtocolViolation, ResourceExhausted, SystemCallFailed,
        TimedOut,
        TypeMismatch, UnsupportedPlatform, WorkerDied, WorkersBusy {

    private transient @Nullable MessageHead head; // not for those who store exceptions

    /// The head of the message is that of the cause, where this says the same in other words.
    IpcException(String message, @Nullable Throwable cause) {
        super(message, cause);
        head = cause instanceof IpcException known ? known.head : null;
    }

    /// What could be read of the message that has arrived and is lost with this exception, so that
    /// it can be given to whoever waits for that message alone. [Codec#head] says of which messages
    /// there is one.
    ///
    /// @return null if nothing could be read, or this is about something else
    public final @Nullable MessageHead head() {
        return head;
    }

    /// The status that its kind has, as one number.
    public final IpcStatus status() {
        return IpcStatus.of(this);
    }

    /// This exception, about a message of which that could be read.
    final IpcException of(@Nullable MessageHead read) {
        head = read == null ? head : read;
        return this;
    }
}
