package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.wire.LaneException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The reason why an end cannot go on, with all that is known of the process at the other end:
/// every later call is answered with it. Used by one thread at a time.
public final class TerminalFailure {

    private final Supplier<@Nullable Peer> peer;
    private @Nullable LaneException failure;

    /// @param peer gives the process that it is about, as far as that is known when it is asked
    public TerminalFailure(Supplier<@Nullable Peer> peer) {
        this.peer = peer;
    }

    /// Whether there is one.
    public boolean isWritten() {
        return failure != null;
    }

    /// Throws it, if there is one.
    ///
    /// @param mayWait whether the caller may wait for the exit code of a process that is dying
    public void check(boolean mayWait) {
        LaneException former = failure;
        if (former != null) {
            throw described(former, mayWait);
        }
    }

    /// Writes it, and gives what to throw. What has run out may come back, and is not an end.
    public LaneException of(LaneException ended, boolean mayWait) {
        if (ended.isPassing()) {
            return ended;
        }
        failure = ended;
        return described(ended, mayWait);
    }

    /// The news with who it is about: the exit code of a process that is just dying comes a moment
    /// after its sockets' end, and is waited for once.
    private LaneException described(LaneException ended, boolean mayWait) {
        Peer who = peer.get();
        return ended.about(who == null ? null : who.account(mayWait, ended.isDeath()));
    }
}
