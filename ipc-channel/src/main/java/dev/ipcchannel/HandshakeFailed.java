package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// The failure to connect two processes: the other one is not a program with this library, or of
/// another user or another version, or there is no directory in which they could meet by a name.
public final class HandshakeFailed extends IpcException {

    /// @param message one sentence: what happened, to what, and what to do
    public HandshakeFailed(String message) {
        this(message, null);
    }

    /// @param message one sentence: what happened, to what, and what to do
    /// @param cause what it came from, if anything
    public HandshakeFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
