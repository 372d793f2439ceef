package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// The failure of two sides of a channel whose types of messages differ. The message says which
/// components do.
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
    /// @param here this side's type of messages, as [Codec#description] has it
    /// @param there the other side's
    public TypeMismatch(String message, String here, String there) {
        super(message, null);
        this.here = here;
        this.there = there;
    }

    /// This side's type of messages, as [Codec#description] has it; only its beginning if it is
    /// longer than an end of a channel carries; empty if it is not known.
    public String here() {
        return here;
    }

    /// The other side's type of messages, in the same form. It is a text of that process and not to
    /// be trusted.
    public String there() {
        return there;
    }
}
