package dev.ipcchannel;

/// The failure of a job of a cluster whose node was not heard of for long: the machine, its network
/// or its process may be gone. Whether the job is done is not known.
public final class NodeUnreachable extends IpcException {

    private final boolean isGranted;

    /// @param message one sentence: what happened, to what, and what to do
    /// @param isGranted whether the node was allowed to begin the job
    public NodeUnreachable(String message, boolean isGranted) {
        super(message, null);
        this.isGranted = isGranted;
    }

    /// Whether the node was allowed to begin the job: then it may have had effects.
    public boolean isGranted() {
        return isGranted;
    }
}
