package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// The other side is gone: every sender, or the receiver, was closed, or its process has ended.
/// What was committed before has been received by then.
public final class Disconnected extends IpcException {

    /// @param message one sentence: what happened, to what, and what to do
    public Disconnected(String message) {
        this(message, null);
    }

    /// @param message one sentence: what happened, to what, and what to do
    /// @param cause what it came from, if anything
    public Disconnected(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
