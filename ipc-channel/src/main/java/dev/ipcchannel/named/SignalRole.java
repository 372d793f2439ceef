package dev.ipcchannel.named;

import dev.ipcchannel.Codec;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.Sender;
import dev.ipcchannel.internal.end.NamedEnd;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.meet.Counterparts;
import dev.ipcchannel.internal.meet.Role;
import dev.ipcchannel.internal.presence.Admission;
import dev.ipcchannel.internal.send.Outbox;
import dev.ipcchannel.internal.send.Share;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The role of a member that gives signals and gets those of all other members of its name, which
/// have the same role. Each member offers each other member a way in.
final class SignalRole implements Role {

    private static final String WORD = "member";

    private final Admission admission;
    private final Codec<SignalRecord> codec;
    private final NamedEnd named;
    private final Counterparts<SignalQueue> present = new Counterparts<>();
    private final Map<Long, SignalQueue> disconnected = new HashMap<>(); // inside its lock

    SignalRole(Admission admission, Codec<SignalRecord> codec, NamedEnd named) {
        this.named = named;
        this.admission = admission;
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
        return admission.offer(counterpart, transfer);
    }

    @Override
    public @Nullable String takeUp(Counterpart counterpart, Transfer offered) {
        Share share;
        try {
            Peer peer = new Peer(counterpart.pid(), counterpart.program());
            share = Outbox.importFrom(offered, peer).share();
        } catch (LaneException refused) {
            return Role.refusal(refused);
        }
        Sender<SignalRecord> sender = EndAccess.sender(share, codec, named);
        boolean isTakenUp = present.look(() -> {
            SignalQueue earlier = disconnected.remove(counterpart.id());
            SignalQueue queue = earlier == null ? new SignalQueue(this::forget) : earlier;
            boolean isPut = present.put(counterpart, queue);
            if (isPut) {
                queue.meet(counterpart, share, sender);
            }
            return isPut;
        });
        if (!isTakenUp) {
            sender.close();
            return ENDS;
        }
        return null;
    }

    /// Drops the queue of a listener that is gone for good, with the signals left in it.
    private void forget(SignalQueue queue) {
        boolean isGone = present.look(() -> disconnected.values().remove(queue));
        if (isGone) {
            long _ = queue.close();
        }
    }

    @Override
    public void disconnect(Counterpart counterpart) {
        admission.disconnect(counterpart);
        SignalQueue queue = present.get(counterpart);
        if (queue == null) {
            return;
        }
        boolean isAlive = counterpart.isAlive(); // outside the lock: it reads the file system
        present.change(() -> {
            SignalQueue there = present.remove(counterpart);
            if (there != null && isAlive) {
                disconnected.put(counterpart.id(), there);
            }
        });
        if (isAlive) {
            queue.disconnect(); // they connect again, or it is found gone
        } else {
            long _ = queue.close(); // signals left in it are lost
        }
    }

    /// Gives a signal to all listeners: those that are there, and those about to connect again.
    void signal(SignalRecord signal) {
        List<SignalQueue> all = present.look(() -> {
            List<SignalQueue> found = new ArrayList<>(present.all());
            found.addAll(disconnected.values());
            return found;
        });
        all.forEach(queue -> queue.signal(signal));
    }

    /// The listeners that are there.
    Counterparts<SignalQueue> present() {
        return present;
    }

    /// Ends all queues.
    ///
    /// @return the number of signals that have found no room
    long end() {
        List<SignalQueue> last = present.look(() -> { // at once: a listener may come back meanwhile
            List<SignalQueue> all = present.end();
            all.addAll(disconnected.values());
            disconnected.clear();
            return all;
        });
        return last.stream().mapToLong(SignalQueue::close).sum();
    }
}
