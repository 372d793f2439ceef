package dev.ipcchannel.internal.presence;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.meet.Counterparts;
import dev.ipcchannel.internal.meet.Entry;
import dev.ipcchannel.internal.meet.OwnEntry;
import dev.ipcchannel.internal.meet.Role;
import dev.ipcchannel.internal.send.Group;
import dev.ipcchannel.internal.send.Outbox;
import dev.ipcchannel.internal.send.Share;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.Notice;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The role of a sender by name: it adds receivers to its group, and knows which are there and
/// which are ready.
public final class SenderRole implements Role {

    public static final String WORD = Entry.SENDER;

    private static final int MAX_CUT_OFF = 4096; // older ones have left the name long ago

    private final Group group;
    private final Form form;
    private final Counterparts<Share> receivers = new Counterparts<>();
    private final HeartbeatTable<Share> heartbeats = new HeartbeatTable<>(receivers);
    // By their numbers, guarded by the lock of `receivers`: they are not met again.
    private final Map<Long, Boolean> cutOff = new LinkedHashMap<>() {

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > MAX_CUT_OFF;
        }
    };

    public SenderRole(Group group, Form form) {
        this.group = group;
        this.form = form;
        group.whyFull(this::whyFull);
        group.onDrop((receiver, why) -> disconnect(receiver,
                why.kind() == LaneException.Kind.CLOSED));
    }

    /// Handles a present receiver that the group has dropped: it no longer counts, and its side is
    /// notified. A receiver that was too slow is about to leave; without a note here it would be
    /// met again before it has left.
    private void disconnect(Share receiver, boolean isTooSlow) {
        Counterpart dropped = receivers.of(receiver);
        if (dropped != null) {
            if (isTooSlow) {
                receivers.change(() -> cutOff.put(dropped.id(), true));
                dropped.send(Notice.of(Notice.Kind.CUT_OFF));
            }
            disconnect(dropped); // at once: waiting threads must not count it
            dropped.cut();
        }
    }

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public String form() {
        return form.word();
    }

    @Override
    public boolean meets(long number) {
        return form.meets(number);
    }

    @Override
    public String counterpartWord() {
        return ReceiverRole.WORD;
    }

    @Override
    public boolean offer(Counterpart counterpart, Transfer transfer) {
        return true; // a receiver needs nothing from a sender
    }

    @Override
    public @Nullable String takeUp(Counterpart counterpart, Transfer offered) {
        if (!form.meets(counterpart.id())
                || receivers.look(() -> cutOff.containsKey(counterpart.id()))) {
            return ENDS;
        }
        try {
            Outbox outbox = Outbox.importInside(group.turn(), offered,
                    new Peer(counterpart.pid(), counterpart.program()));
            return isTakenUp(counterpart, outbox.share()) ? null : ENDS;
        } catch (LaneException refused) {
            return Role.refusal(refused);
        }
    }

    /// Adds a receiver to both sets in one step: so a receiver that counts gets the messages that
    /// are sent, and is in both when it is removed.
    private boolean isTakenUp(Counterpart counterpart, Share share) {
        boolean isIn = false;
        try {
            isIn = receivers.put(counterpart, share, () -> group.join(share));
            return isIn;
        } finally {
            if (!isIn) {
                // Ends the share, however far it has come.
                group.leave(share, "the sender was closed");
            }
        }
    }

    @Override
    public void notice(Counterpart counterpart, Notice notice) {
        heartbeats.note(counterpart, notice);
    }

    @Override
    public void disconnect(Counterpart counterpart) {
        heartbeats.forget(counterpart);
        Share share = receivers.remove(counterpart);
        if (share != null) {
            group.leave(share, "the receiver has left");
        }
    }

    /// The receivers that are there.
    public Counterparts<Share> receivers() {
        return receivers;
    }

    /// Their heartbeats.
    public HeartbeatTable<Share> heartbeats() {
        return heartbeats;
    }

    /// The number of messages dropped for each present receiver.
    public Map<Counterpart, Long> dropped() {
        Map<Counterpart, Long> dropped = new LinkedHashMap<>();
        receivers.forEach((receiver, share) -> {
            Long _ = dropped.put(receiver, group.dropped(share));
        });
        return dropped;
    }

    /// Waits until at least `count` receivers are there.
    ///
    /// @return false if the deadline came first, or the sender no longer sends
    public boolean await(int count, Deadline deadline) throws InterruptedException {
        return receivers.await(() -> group.isEnded() || receivers.count() >= count, deadline)
                && !group.isEnded();
    }

    /// Makes all waiting threads look again.
    public void wakeAll() {
        receivers.change(() -> {});
    }

    /// The reason why a receiver has no room, with the remedy, as the end of a sentence.
    private String whyFull(Share receiver) {
        Counterpart full = receivers.of(receiver);
        boolean isHere = full != null && OwnEntry.isHere(full.id());
        return "a receiver%s has no room%s%s".formatted(isHere ? " of this very process" : "",
                receiver.describe(),
                isHere ? ": have it receive, or open %s to send only".formatted(
                        form.word().isEmpty() ? "a NamedSender alone" : "the channel as SENDER")
                        : full == null ? ": have it receive" : heartbeats.whyFull(full));
    }

    /// Ends all waits.
    public void end() {
        List<Share> _ = receivers.end(); // the group ends them
        heartbeats.end();
    }
}
