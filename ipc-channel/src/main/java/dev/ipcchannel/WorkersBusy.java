package dev.ipcchannel;

/// No worker of a set was free for a job, and its queue had no room: nothing was done of it.
public final class WorkersBusy extends IpcException {

    /// @param message one sentence: what happened, to what, and what to do
    public WorkersBusy(String message) {
        super(message, null);
    }
}
