package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// The failure of a sender by name that has no receiver for a message and was opened to fail in
/// that case. Nothing was sent.
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
