package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// The refusal of a message longer than its channel carries. Nothing was sent.
public final class MessageTooLarge extends IpcException {

    /// @param message one sentence: what happened, to what, and what to do
    public MessageTooLarge(String message) {
        this(message, null);
    }

    /// @param message one sentence: what happened, to what, and what to do
    /// @param cause what it came from, if anything
    public MessageTooLarge(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
