package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// A child process could not be started, or ended before it connected.
public final class ChildFailed extends IpcException {

    /// @param message one sentence: what happened, to what, and what to do
    public ChildFailed(String message) {
        this(message, null);
    }

    /// @param message one sentence: what happened, to what, and what to do
    /// @param cause what it came from, if anything
    public ChildFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
