package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// The failure to turn a message into bytes, or bytes into a message. Nothing was sent, or the
/// message is consumed; the channel goes on.
public final class CodecFailed extends IpcException {

    /// @param message one sentence: what happened, to what, and what to do
    public CodecFailed(String message) {
        this(message, null);
    }

    /// @param message one sentence: what happened, to what, and what to do
    /// @param cause what it came from, if anything
    public CodecFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
