package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// A failure between processes, of kinds that a `switch` can distinguish.
///
/// Each message is one sentence that says what happened, to what, and what can be done about it.
public abstract sealed class IpcException extends RuntimeException
        permits CallFailed, ChildFailed, CodecFailed, Disconnected, EndClosed, HandshakeFailed,
        MessageTooLarge, NoReceiver, NodeUnreachable, ProtocolViolation, ResourceExhausted,
        SystemCallFailed, TimedOut, TypeMismatch, UnsupportedPlatform, WorkerDied, WorkersBusy {

    private transient @Nullable MessageHead head; // not serialized

    /// The head of the message is that of the cause, if that is a failure of the same message.
    IpcException(String message, @Nullable Throwable cause) {
        super(message, cause);
        head = cause instanceof IpcException known ? known.head : null;
    }

    /// The head of the message that has arrived and is lost with this exception. It shows which
    /// waiting call the failure belongs to. [Codec#head] says which messages have one.
    ///
    /// @return null if nothing could be read, or if no message is lost
    public final @Nullable MessageHead head() {
        return head;
    }

    /// The status of this kind of exception, as one number.
    public final IpcStatus status() {
        return IpcStatus.of(this);
    }

    /// This exception, with the head of the lost message.
    final IpcException of(@Nullable MessageHead read) {
        head = read == null ? head : read;
        return this;
    }
}
