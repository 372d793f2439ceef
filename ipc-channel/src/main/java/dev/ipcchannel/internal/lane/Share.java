package dev.ipcchannel.internal.lane;

import org.jspecify.annotations.Nullable;

/// One sender's share in its process's [Outbox]: open until that sender is closed or moved.
public final class Share {

    private volatile @Nullable String ended;

    Share() {}

    /// Whether it is over.
    public boolean isEnded() {
        return ended != null;
    }

    /// Ends it.
    ///
    /// @param reason a sentence for whoever uses the sender again
    /// @return false if it had ended before
    boolean end(String reason) {
        if (ended != null) {
            return false;
        }
        ended = reason;
        return true;
    }

    /// Checks that it is not over.
    ///
    /// @throws LaneException if it is
    public void checkOpen() {
        String reason = ended;
        if (reason != null) {
            throw new LaneException(LaneException.Kind.CLOSED, reason);
        }
    }
}
