package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// This end was closed, or moved in a message, by its own process.
public final class EndClosed extends IpcException {

    /// @param message one sentence: what happened, to what, and what to do
    public EndClosed(String message) {
        this(message, null);
    }

    /// @param message one sentence: what happened, to what, and what to do
    /// @param cause what it came from, if anything
    public EndClosed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
