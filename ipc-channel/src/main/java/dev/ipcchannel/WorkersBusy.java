package dev.ipcchannel;

/// The refusal of a job for which no worker of a set was free and its queue had no room: nothing of
/// it was done.
public final class WorkersBusy extends IpcException {

    /// @param message one sentence: what happened, to what, and what to do
    public WorkersBusy(String message) {
        super(message, null);
    }
}
