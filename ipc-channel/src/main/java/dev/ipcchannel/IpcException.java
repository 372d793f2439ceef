package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// What can go wrong between processes, in kinds that a `switch` can tell apart.
///
/// Each message is one sentence that says what happened, to what, and what can be done about it.
public abstract sealed class IpcException extends RuntimeException
        permits CallFailed, ChildFailed, CodecFailed, Disconnected, EndClosed, HandshakeFailed,
        MessageTooLarge, ProtocolViolation, ResourceExhausted, SystemCallFailed, TimedOut,
        TypeMismatch, UnsupportedPlatform, WorkerDied, WorkersBusy {

    IpcException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
