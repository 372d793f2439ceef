package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// The kernel refused a call in a way that has no kind of its own.
public final class SystemCallFailed extends IpcException {

    /// @param message one sentence: what happened, to what, and what to do
    public SystemCallFailed(String message) {
        this(message, null);
    }

    /// @param message one sentence: what happened, to what, and what to do
    /// @param cause what it came from, if anything
    public SystemCallFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
