package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// The time given to a call passed before it could do what it was asked to. Nothing was sent or
/// received.
public final class TimedOut extends IpcException {

    /// @param message one sentence: what happened, to what, and what to do
    public TimedOut(String message) {
        this(message, null);
    }

    /// @param message one sentence: what happened, to what, and what to do
    /// @param cause what it came from, if anything
    public TimedOut(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
