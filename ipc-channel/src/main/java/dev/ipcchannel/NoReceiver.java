package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// There is no receiver for a message of a sender by name, which was told to fail then. Nothing was
/// sent.
public final class NoReceiver extends IpcException {

    /// @param message one sentence: what happened, to what, and what to do
    public NoReceiver(String message) {
        this(message, null);
    }

    /// @param message one sentence: what happened, to what, and what to do
    /// @param cause what it came from, if anything
    public NoReceiver(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
