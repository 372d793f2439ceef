package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Sockets;

/// A new channel's two ends in this process.
public record Ends(Outbox outbox, Inbox inbox) {

    /// Makes the announcement socket. The lanes come with the senders.
    public static Ends open(LaneSettings settings) {
        Sockets.Pair pair = Sockets.pair();
        try {
            Inbox inbox = new Inbox(pair.second(), settings, null);
            return new Ends(Outbox.shared(pair.first(), settings, null), inbox);
        } catch (RuntimeException | Error failure) {
            pair.first().close();
            throw failure;
        }
    }
}
