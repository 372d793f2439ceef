package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// A worker process ended while it had a job, or before it could take it; or none will take it,
/// since two have ended with one that is equal to it, or they end too often.
public final class WorkerDied extends IpcException {

    private final boolean hasStarted;
    private final @Nullable ChildReport report;

    /// @param message one sentence: what happened, to what, and what to do
    /// @param hasStarted whether the worker had begun with the job: then it may have had effects
    /// @param report what is known of the worker; null if the job met none
    /// @param cause what it came from, if anything
    public WorkerDied(String message, boolean hasStarted, @Nullable ChildReport report,
            @Nullable Throwable cause) {
        super(message, cause);
        this.hasStarted = hasStarted;
        this.report = report;
    }

    /// Whether the worker had begun with the job: then it may have had effects.
    public boolean hasStarted() {
        return hasStarted;
    }

    /// What is known of the worker; null if the job met none, as one that is quarantined.
    public @Nullable ChildReport report() {
        return report;
    }
}
