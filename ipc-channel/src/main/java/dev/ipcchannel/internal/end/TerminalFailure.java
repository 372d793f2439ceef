package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.wire.LaneException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The reason why an end cannot go on, with all that is known of the process at the other end.
/// Every later call fails with it. Used by one thread at a time.
public final class TerminalFailure {

    private final Supplier<@Nullable Peer> peer;
    private @Nullable LaneException failure;

    /// @param peer gives the process at the other end, as far as it is known at the moment of the
    /// call
    public TerminalFailure(Supplier<@Nullable Peer> peer) {
        this.peer = peer;
    }

    /// Whether there is a reason.
    public boolean isWritten() {
        return failure != null;
    }

    /// Throws the reason, if there is one.
    ///
    /// @param mayWait whether the caller may wait for the exit code of a process that is dying
    public void check(boolean mayWait) {
        LaneException former = failure;
        if (former != null) {
            throw described(former, mayWait);
        }
    }

    /// Stores the reason, and gives the exception to throw. A passing failure, such as a lack of a
    /// resource, is not stored, because it does not end the end.
    public LaneException of(LaneException ended, boolean mayWait) {
        if (ended.isPassing()) {
            return ended;
        }
        failure = ended;
        return described(ended, mayWait);
    }

    /// The failure with an account of the other process. The exit code of a dying process comes a
    /// moment after the end of its sockets, and is waited for once.
    private LaneException described(LaneException ended, boolean mayWait) {
        Peer process = peer.get();
        return ended.about(process == null ? null : process.account(mayWait, ended.isDeath()));
    }
}
