package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// The two sides of a channel do not mean the same by its messages: the components of their types
/// differ. The message says which.
public final class TypeMismatch extends IpcException {

    /// @param message one sentence: what happened, to what, and what to do
    public TypeMismatch(String message) {
        this(message, null);
    }

    /// @param message one sentence: what happened, to what, and what to do
    /// @param cause what it came from, if anything
    public TypeMismatch(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
