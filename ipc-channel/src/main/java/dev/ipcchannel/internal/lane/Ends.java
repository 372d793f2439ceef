package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Sockets;
import org.jspecify.annotations.Nullable;

/// A new channel's two ends in this process.
public record Ends(Outbox outbox, Inbox inbox) {

    /// Makes the announcement socket. The lanes come with the senders.
    public static Ends open(LaneSettings settings) {
        return open(settings, null);
    }

    /// Makes the announcement socket of a channel whose faults a test can ask for.
    public static Ends open(LaneSettings settings, @Nullable Faults faults) {
        Sockets.Pair pair = Sockets.pair();
        try {
            Inbox inbox = new Inbox(pair.second(), settings, null, faults);
            return new Ends(Outbox.shared(pair.first(), settings, null, faults), inbox);
        } catch (RuntimeException | Error failure) {
            pair.first().close();
            throw failure;
        }
    }
}
