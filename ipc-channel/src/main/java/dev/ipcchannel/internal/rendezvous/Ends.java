package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.EndContext;
import dev.ipcchannel.internal.end.EndHolders;
import dev.ipcchannel.internal.end.Faults;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.receive.Inbox;
import dev.ipcchannel.internal.send.Outbox;
import dev.ipcchannel.internal.send.Share;
import dev.ipcchannel.internal.wait.Turn;
import dev.ipcchannel.internal.wire.LaneSettings;
import org.jspecify.annotations.Nullable;

/// The two ends of a new channel in this process.
///
/// @param share of the outbox's first sender
public record Ends(Outbox outbox, Share share, Inbox inbox) {

    private static final String NOT_MADE = "this channel could not be made";

    /// Makes a channel: the announcement socket. The lanes come with the senders.
    public static Ends open(LaneSettings settings) {
        return open(settings, null);
    }

    /// Makes a channel whose faults a test can ask for.
    public static Ends open(LaneSettings settings, @Nullable Faults faults) {
        return open(settings, faults, new Turn(null, faults != null));
    }

    /// The same with the turn of its outbox.
    public static Ends open(LaneSettings settings, @Nullable Faults faults, Turn turn) {
        Sockets.Pair pair = Sockets.pair();
        Outbox outbox = null;
        Share share = null;
        Inbox inbox = null;
        Ends ends = null;
        try {
            EndHolders holders = EndHolders.ofOwn();
            outbox = new Outbox(new EndContext(pair.first(), settings, null, holders,
                    new Counters(Counters.Side.SENDER), faults), turn);
            inbox = new Inbox(new EndContext(pair.second(), settings, null, holders,
                    new Counters(Counters.Side.RECEIVER), faults));
            share = outbox.share();
            ends = new Ends(outbox, share, inbox);
            return ends;
        } finally {
            if (ends == null) {
                if (outbox != null && share != null) {
                    outbox.end(share, NOT_MADE);
                }
                Sockets.leave(pair.first());
                if (inbox != null) {
                    inbox.close(NOT_MADE);
                } else {
                    Sockets.end(pair.second());
                }
            }
        }
    }

    /// Ends the receiver as the end of its process would.
    public void killReceiver(String reason) {
        inbox.kill(reason);
    }

    /// Closes both, if they have no owner.
    public void close() {
        try {
            outbox.end(share, NOT_MADE);
        } finally {
            inbox.close(NOT_MADE);
        }
    }
}
