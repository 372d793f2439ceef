package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// The failure of an end whose other side is gone: every sender, or the receiver, was closed, or
/// its process has ended. All messages committed before have been received by then.
///
/// It is also the failure of a client that a one-shot server has not accepted: then its message is
/// lost, with the ends in it. If the server has not given its reason yet, a later call may have it
/// ([OneShotServer#connect(String, Class)]).
public final class Disconnected extends IpcException {

    private final boolean isDeath;
    private final @Nullable ChildReport report;

    /// @param message one sentence: what happened, to what, and what to do
    public Disconnected(String message) {
        this(message, null);
    }

    /// @param message one sentence: what happened, to what, and what to do
    /// @param cause what it came from, if anything
    public Disconnected(String message, @Nullable Throwable cause) {
        this(message, false, null, cause);
    }

    /// @param message one sentence: what happened, to what, and what to do
    /// @param isDeath whether a process has ended without a close
    /// @param report what is known of the child process; null if there is none
    /// @param cause what it came from, if anything
    public Disconnected(String message, boolean isDeath, @Nullable ChildReport report,
            @Nullable Throwable cause) {
        super(message, cause);
        this.isDeath = isDeath;
        this.report = report;
    }

    /// Whether the other side's process is known to have ended without closing its end; false after
    /// a close. If a child had a sender, sent nothing through it and has ended, this is true even
    /// if the child closed that sender, for a close leaves no trace then.
    public boolean isDeath() {
        return isDeath;
    }

    /// What is known of the child process at the other side, above all its exit code; null if this
    /// JVM has not started and accepted such a child. The uptime counts from the start by
    /// `ChildJvm`, else from the accept. The exit code is missing while the child runs. It also
    /// comes a moment after the child's connections end: a waiting call allows 50 ms for it, or
    /// half a second if a connection ended as it does when its process ends.
    public @Nullable ChildReport report() {
        return report;
    }
}
