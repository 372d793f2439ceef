package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// The failure of a system call that no other kind of exception describes.
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
