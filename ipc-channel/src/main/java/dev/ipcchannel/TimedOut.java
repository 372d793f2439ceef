package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// The failure of a call whose time limit passed before it could succeed. Nothing was sent or
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
    /// @param report what is known of the child process; null if there is none
    /// @param cause what it came from, if anything
    public TimedOut(String message, @Nullable ChildReport report, @Nullable Throwable cause) {
        super(message, cause);
        this.report = report;
    }

    /// What is known of the child process; null if the failure is about no process, or about a
    /// process that this library did not start.
    public @Nullable ChildReport report() {
        return report;
    }
}
