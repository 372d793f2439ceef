package dev.ipcchannel.named;

import dev.ipcchannel.Codec;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.Sender;
import dev.ipcchannel.internal.end.NamedEnd;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.rendezvous.Ends;
import dev.ipcchannel.internal.send.Outbox;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// A factory of the pairs of channels between a member and its counterparts. For each counterpart
/// it makes the channel that this member receives by, offers that channel's sending end, and takes
/// the sending end that the counterpart offers.
///
/// Any thread may use it.
///
/// @param <O> the type of the messages that go out
/// @param <I> the type of the messages that come in
final class ChannelPairs<O, I> {

    private static final String GONE = "this sender has gone to the other side";
    private static final String OVER = "the name was closed";

    /// A pair that is being made.
    private static final class Pair {

        private final Ends incoming;
        private boolean isOffered;
        private boolean isTaken; // the receiver belongs to the caller of takeUp

        Pair(Ends incoming) {
            this.incoming = incoming;
        }
    }

    private final Codec<O> outgoing;
    private final Codec<I> incoming;
    private final LaneSettings settings; // of the incoming channel
    private final NamedEnd named;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Counterpart, Pair> unfinished = new HashMap<>(); // guarded by the lock
    private boolean isOver;

    /// @param outgoing codec of the outgoing messages
    /// @param incoming codec of the incoming messages
    /// @param settings of the incoming channel
    /// @param named both ends, for error texts
    ChannelPairs(Codec<O> outgoing, Codec<I> incoming, LaneSettings settings, NamedEnd named) {
        this.named = named;
        this.outgoing = outgoing;
        this.incoming = incoming;
        this.settings = settings;
    }

    /// Writes the sending end for a counterpart. Called once for each counterpart.
    ///
    /// @return false if no more pairs are begun
    boolean offer(Counterpart counterpart, Transfer transfer) {
        lock.lock();
        try {
            if (isOver) {
                return false;
            }
            Pair pair = pair(counterpart);
            pair.incoming.share().export(transfer);
            pair.incoming.share().end(GONE);
            pair.isOffered = true;
            forgetIfFinished(counterpart, pair);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Takes the sending end that a counterpart has offered. Called once for each counterpart.
    ///
    /// @throws LaneException if the offer is not a valid sender, or no more pairs are begun
    Duplex<O, I> takeUp(Counterpart counterpart, Transfer offered) {
        lock.lock();
        try {
            if (isOver) {
                throw new LaneException(LaneException.Kind.CLOSED, OVER);
            }
            Pair pair = pair(counterpart);
            Peer peer = new Peer(counterpart.pid(), counterpart.program());
            Sender<O> sender = EndAccess.sender(Outbox.importFrom(offered, peer).share(), outgoing,
                    named);
            pair.isTaken = true;
            Duplex<O, I> both =
                    new Duplex<>(sender,
                            EndAccess.receiver(pair.incoming.inbox(), incoming, named));
            forgetIfFinished(counterpart, pair);
            return both;
        } finally {
            lock.unlock();
        }
    }

    private Pair pair(Counterpart counterpart) {
        Pair pair = unfinished.get(counterpart);
        if (pair == null) {
            pair = new Pair(Ends.open(settings));
            unfinished.put(counterpart, pair);
        }
        return pair;
    }

    private void forgetIfFinished(Counterpart counterpart, Pair pair) {
        if (pair.isOffered && pair.isTaken) {
            boolean _ = unfinished.remove(counterpart, pair);
        }
    }

    /// Notes that a counterpart is gone: an unfinished pair for it is closed; a pair already
    /// returned is not.
    void drop(Counterpart counterpart) {
        lock.lock();
        try {
            Pair pair = unfinished.remove(counterpart);
            if (pair != null) {
                end(pair);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Begins no more pairs, and closes the unfinished ones.
    void end() {
        lock.lock();
        try {
            isOver = true;
            unfinished.values().forEach(ChannelPairs::end);
            unfinished.clear();
        } finally {
            lock.unlock();
        }
    }

    private static void end(Pair pair) {
        if (pair.isTaken) {
            pair.incoming.share().end(OVER);
        } else {
            pair.incoming.close();
        }
    }
}
