package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// The two sides of a channel do not mean the same by its messages: the components of their types
/// differ. The message says which.
public final class TypeMismatch extends IpcException {

    private final String here;
    private final String there;

    /// @param message one sentence: what happened, to what, and what to do
    public TypeMismatch(String message) {
        this(message, null);
    }

    /// @param message one sentence: what happened, to what, and what to do
    /// @param cause what it came from, if anything
    public TypeMismatch(String message, @Nullable Throwable cause) {
        super(message, cause);
        here = "";
        there = "";
    }

    /// @param message one sentence: what happened, to what, and what to do
    /// @param here what this side means by a message, as [Codec#description] has it
    /// @param there what the other one means
    public TypeMismatch(String message, String here, String there) {
        super(message, null);
        this.here = here;
        this.there = there;
    }

    /// What this side means by a message, as [Codec#description] has it: its beginning, where it is
    /// longer than an end of a channel carries; empty if that is not known.
    public String here() {
        return here;
    }

    /// What the other side means, in the same way. It is that process's text: it may be anything.
    public String there() {
        return there;
    }
}
