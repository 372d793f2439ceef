package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// The time given to a call passed before it could do what it was asked to. Nothing was sent or
/// received.
public final class TimedOut extends IpcException {

    private final @Nullable ChildReport report;

    /// @param message one sentence: what happened, to what, and what to do
    public TimedOut(String message) {
        this(message, null);
    }

    /// @param message one sentence: what happened, to what, and what to do
    /// @param cause what it came from, if anything
    public TimedOut(String message, @Nullable Throwable cause) {
        this(message, null, cause);
    }

    /// @param message one sentence: what happened, to what, and what to do
    /// @param report what is known of the child process that it is about
    /// @param cause what it came from, if anything
    public TimedOut(String message, @Nullable ChildReport report, @Nullable Throwable cause) {
        super(message, cause);
        this.report = report;
    }

    /// What is known of the child process that it is about; null if it is about none, or about one
    /// that this library did not start.
    public @Nullable ChildReport report() {
        return report;
    }
}
