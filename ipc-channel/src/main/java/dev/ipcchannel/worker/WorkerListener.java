package dev.ipcchannel.worker;

import dev.ipcchannel.ChildReport;

/// A listener for what happens to the workers of a set. Called on threads of the set's, at most a
/// few at once; it may take its time and may use the set. What it throws is logged.
public interface WorkerListener {

    /// A worker is ready.
    default void onStarted(WorkerSnapshot worker) {}

    /// A worker is gone.
    ///
    /// @param wasPlanned whether the set has ended it, other than for a job that took too long, or
    /// an error had left its JVM in doubt
    default void onEnded(WorkerSnapshot worker, ChildReport report, boolean wasPlanned) {}

    /// A worker could not be started; another try follows, unless the set gives up.
    default void onStartFailed(RuntimeException failure) {}

    /// Too many workers had to be replaced in too short a time: no more are started.
    ///
    /// @param reason the same that jobs fail with once no worker is left
    default void onGivenUp(String reason) {}

    /// A job has killed two workers: one that is equal to it is not tried again.
    default void onQuarantined(Object data) {}
}
