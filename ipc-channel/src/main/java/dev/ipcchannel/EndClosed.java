package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// The failure of an end that its own process has closed, or moved in a message.
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
