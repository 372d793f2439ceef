package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// The other side is gone: every sender, or the receiver, was closed, or its process has ended.
/// What was committed before has been received by then.
///
/// Or a one-shot server has not accepted this client: then its message is lost, with the ends in
/// it. Where it has not said why so far, a later verb may say more ([OneShotServer#connect(String,
/// Class)]).
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
    /// @param report what is known of the child process that it is about
    /// @param cause what it came from, if anything
    public Disconnected(String message, boolean isDeath, @Nullable ChildReport report,
            @Nullable Throwable cause) {
        super(message, cause);
        this.isDeath = isDeath;
        this.report = report;
    }

    /// Whether the other side's process has ended without a close of that end, as far as it is
    /// known: false after a close. A child that had an end, has not sent by it, and has ended,
    /// counts as dead whatever it did with that end, for nothing tells.
    public boolean isDeath() {
        return isDeath;
    }

    /// What is known of the child process at the other side, its exit code above all; null if that
    /// is no child which this JVM has started and accepted. Its uptime counts from its start by
    /// `ChildJvm`, or else from when it was accepted. The exit code is missing while it runs, and
    /// for the moment that it takes to come after the end of a child's connections: a call that
    /// waits gives it 50 ms, or half a second where one of them has ended as with its process.
    public @Nullable ChildReport report() {
        return report;
    }
}
