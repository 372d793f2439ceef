package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// A lack of a resource that this process, its user or the machine has run out of: descriptors,
/// memory, room for a socket.
public final class ResourceExhausted extends IpcException {

    /// @param message one sentence: what happened, to what, and what to do
    public ResourceExhausted(String message) {
        this(message, null);
    }

    /// @param message one sentence: what happened, to what, and what to do
    /// @param cause what it came from, if anything
    public ResourceExhausted(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
