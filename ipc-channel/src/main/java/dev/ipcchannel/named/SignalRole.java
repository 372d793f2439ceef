package dev.ipcchannel.named;

import dev.ipcchannel.Codec;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.internal.lane.LaneException;
import dev.ipcchannel.internal.lane.NamedEnd;
import dev.ipcchannel.internal.lane.Outbox;
import dev.ipcchannel.internal.lane.Peer;
import dev.ipcchannel.internal.lane.Share;
import dev.ipcchannel.internal.lane.Transfer;
import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.meet.Counterparts;
import dev.ipcchannel.internal.meet.Role;
import org.jspecify.annotations.Nullable;

/// The role of a member that gives signals and gets those of all others of its name, which play
/// the same one: each gives each other a way in.
final class SignalRole implements Role {

    private static final String WORD = "member";

    private final Share wayIn; // kept open, so that the receiver does not end while no other is there
    private final Codec<SignalRecord> codec;
    private final NamedEnd named;
    private final Counterparts<SignalQueue> present = new Counterparts<>();

    SignalRole(Share wayIn, Codec<SignalRecord> codec, NamedEnd named) {
        this.named = named;
        this.wayIn = wayIn;
        this.codec = codec;
    }

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public String counterpartWord() {
        return WORD;
    }

    @Override
    public boolean offer(Counterpart counterpart, Transfer transfer) {
        return Opening.isOffered(wayIn, transfer);
    }

    @Override
    public @Nullable String takeUp(Counterpart counterpart, Transfer offered) {
        SignalQueue queue;
        try {
            Peer peer = new Peer(counterpart.pid(), counterpart.program());
            queue = new SignalQueue(
                    EndAccess.sender(Outbox.importFrom(offered, peer).share(), codec,
                            named));
        } catch (LaneException refused) {
            return Opening.refusal(refused);
        }
        if (!present.put(counterpart, queue)) {
            long _ = queue.close();
            return ENDS;
        }
        return null;
    }

    @Override
    public void part(Counterpart counterpart) {
        SignalQueue queue = present.remove(counterpart);
        if (queue != null) {
            long _ = queue.close(); // what has not come by now never will
        }
    }

    /// Those that are there.
    Counterparts<SignalQueue> present() {
        return present;
    }

    /// Gives nobody anything more.
    ///
    /// @return how many signals have found no room
    long end() {
        return present.end().stream().mapToLong(SignalQueue::close).sum();
    }
}
