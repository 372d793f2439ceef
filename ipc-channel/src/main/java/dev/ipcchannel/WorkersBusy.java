package dev.ipcchannel;

/// The refusal of a job by a set that had neither a free worker nor room in its queue: nothing of
/// the job was done.
public final class WorkersBusy extends IpcException {

    /// @param message one sentence: what happened, to what, and what to do
    public WorkersBusy(String message) {
        super(message, null);
    }
}
