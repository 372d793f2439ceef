package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// The failure of a lane whose other process broke the format of shared memory or of a packet. The
/// lane is closed; the channel's other senders are not affected.
public final class ProtocolViolation extends IpcException {

    /// @param message one sentence: what happened, to what, and what to do
    public ProtocolViolation(String message) {
        this(message, null);
    }

    /// @param message one sentence: what happened, to what, and what to do
    /// @param cause what it came from, if anything
    public ProtocolViolation(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
