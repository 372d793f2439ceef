package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The outboxes of the senders that have come by one receiver. The first few senders into one
/// channel get an outbox each, and so a lane each; the later ones share these outboxes.
///
/// So the reply ends that come with questions, one with each, kept or forgotten, cost their
/// receiver no more than a few lanes, and this process no descriptor each.
///
/// One thread at a time takes; outboxes may end on any thread.
public final class OutboxPool {

    /// The most lanes into one channel: enough for the threads that send in parallel.
    static final int MAX_A_CHANNEL = 64;

    private static final String NOT_TAKEN = "this sender could not be taken up";

    /// A channel as its announcement described it to this process.
    private record Way(Sockets.Identity announcement, LaneSettings settings) {}

    private final Map<Way, List<Outbox>> outboxes = new ConcurrentHashMap<>(2);
    private int next;

    /// Imports a sender that another process exported.
    ///
    /// @param peer the process that it came from
    /// @throws LaneException if it does not have the form of a sender
    public Share take(Transfer transfer, @Nullable Peer peer) {
        Outbox arrived = Outbox.importFrom(transfer, peer);
        Share own = arrived.share();
        boolean isTaken = false;
        try {
            Share taken = take(arrived, own);
            isTaken = true;
            return taken;
        } finally {
            if (!isTaken) {
                arrived.end(own, NOT_TAKEN);
            }
        }
    }

    private Share take(Outbox arrived, Share own) {
        Sockets.Identity announcement = arrived.announcementIdentity();
        if (announcement == null) {
            return own;
        }
        Way way = new Way(announcement, arrived.settings());
        Share shared = share(way);
        if (shared != null) {
            arrived.end(own, "this sender has another outbox");
            return shared;
        }
        // First: a thread that finds it in the map may end it.
        arrived.onClose(() -> forget(way, arrived));
        outboxes.merge(way, List.of(arrived),
                (there, one) -> Stream.concat(there.stream(), one.stream()).toList());
        return own;
    }

    private @Nullable Share share(Way way) {
        List<Outbox> there = outboxes.getOrDefault(way, List.of());
        if (there.size() < MAX_A_CHANNEL) {
            return null;
        }
        for (int i = 0; i < there.size(); i++) {
            next = next + 1 < there.size() ? next + 1 : 0;
            Outbox outbox = there.get(next);
            Share share = outbox.shareIfUsable();
            if (share != null) {
                return share;
            }
        }
        return null;
    }

    private void forget(Way way, Outbox closed) {
        outboxes.computeIfPresent(way, (_, there) -> {
            List<Outbox> rest = there.stream().filter(outbox -> outbox != closed).toList();
            return rest.isEmpty() ? null : rest;
        });
    }
}
