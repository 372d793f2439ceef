package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// A message could not be turned into bytes, or back. Nothing was sent, or the message is consumed;
/// the channel goes on.
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
