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

/// The role of a member that gives signals and hears those of all others of its name, which play
/// the same one: each gives each other a way in.
final class SignalRole implements Role {

    private static final String WORD = "member";

    private final Admission admission;
    private final Codec<SignalRecord> codec;
    private final NamedEnd named;
    private final Counterparts<SignalQueue> present = new Counterparts<>();
    private final Map<Long, SignalQueue> parted = new HashMap<>(); // by number; inside the lock of these

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
            SignalQueue earlier = parted.remove(counterpart.id());
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

    /// One that has not come back is gone: what it has not heard never will be.
    private void forget(SignalQueue queue) {
        boolean isGone = present.look(() -> parted.values().remove(queue));
        if (isGone) {
            long _ = queue.close();
        }
    }

    @Override
    public void part(Counterpart counterpart) {
        admission.part(counterpart);
        SignalQueue queue = present.get(counterpart);
        if (queue == null) {
            return;
        }
        boolean isAlive = counterpart.isAlive(); // outside the lock: it asks the file system
        present.change(() -> {
            SignalQueue there = present.remove(counterpart);
            if (there != null && isAlive) {
                parted.put(counterpart.id(), there);
            }
        });
        if (isAlive) {
            queue.part(); // the two meet again, or it is found to be gone
        } else {
            long _ = queue.close(); // what has not come by now never will
        }
    }

    /// Has all hear it: those that are there, and those that are about to be met again.
    void signal(SignalRecord signal) {
        List<SignalQueue> all = present.look(() -> {
            List<SignalQueue> found = new ArrayList<>(present.all());
            found.addAll(parted.values());
            return found;
        });
        all.forEach(queue -> queue.signal(signal));
    }

    /// Those that are there.
    Counterparts<SignalQueue> present() {
        return present;
    }

    /// Lets nobody hear anything more.
    ///
    /// @return how many signals have found no room
    long end() {
        List<SignalQueue> last = present.look(() -> { // at once: one may come back meanwhile
            List<SignalQueue> all = present.end();
            all.addAll(parted.values());
            parted.clear();
            return all;
        });
        return last.stream().mapToLong(SignalQueue::close).sum();
    }
}
