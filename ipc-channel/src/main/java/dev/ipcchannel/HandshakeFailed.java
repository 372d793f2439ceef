package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// Two processes could not be brought together: not one of ours, not our user, another version, or
/// no directory in which they could meet by a name.
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
