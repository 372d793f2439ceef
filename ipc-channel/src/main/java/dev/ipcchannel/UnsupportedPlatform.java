package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// The refusal of a JVM that cannot run the library: its system or processor is not supported, or
/// native access is denied.
public final class UnsupportedPlatform extends IpcException {

    /// @param message one sentence: what happened, to what, and what to do
    public UnsupportedPlatform(String message) {
        this(message, null);
    }

    /// @param message one sentence: what happened, to what, and what to do
    /// @param cause what it came from, if anything
    public UnsupportedPlatform(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
