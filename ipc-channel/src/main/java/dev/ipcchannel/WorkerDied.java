package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// The failure of a job whose worker process ended while it had the job or before it could take it.
/// Also the refusal of a job that no worker will take, since two have ended with an equal job, or
/// workers end too often.
public final class WorkerDied extends IpcException {

    private final boolean hasStarted;
    private final @Nullable ChildReport report;

    /// @param message one sentence: what happened, to what, and what to do
    /// @param hasStarted whether the worker had begun with the job: then it may have had effects
    /// @param report what is known of the worker; null if the job had none
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

    /// What is known of the worker; null if the job had none, for instance a quarantined job.
    public @Nullable ChildReport report() {
        return report;
    }
}
