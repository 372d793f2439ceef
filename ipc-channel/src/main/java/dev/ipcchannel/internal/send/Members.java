package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.lane.LaneException;
import dev.ipcchannel.internal.lane.Share;
import dev.ipcchannel.internal.lane.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The receivers of a [Group] that get a message that is committed now, until the group ends.
///
/// Changed under the group's lock; any thread may read it.
@SuppressWarnings("ReferenceEquality") // lanes are meant by identity
final class Members {

    private static final GroupLane[] NONE = {};

    private volatile GroupLane[] lanes = NONE; // copied at each change
    private volatile @Nullable String ended;
    private final Tally past = new Tally(Tally.Side.SENDER); // of lanes that have left, under the lock
    private BiConsumer<Share, LaneException> onDrop = (_, _) -> {}; // under the lock

    /// Has `action` run for each receiver that is let go because its lane is over, see
    /// [Group#onDrop].
    void onDrop(BiConsumer<Share, LaneException> action) {
        onDrop = action;
    }

    /// What a sender has counted, and all lanes, as they are now.
    Tally sum(Tally own) {
        Tally sum = own.copy();
        sum.addLane(past);
        for (GroupLane lane : lanes) {
            sum.addLane(lane.way().tally());
            sum.addHeld(lane.way().tally());
        }
        return sum;
    }

    /// The lanes as they are now; not to be changed.
    GroupLane[] lanes() {
        return lanes;
    }

    boolean isEmpty() {
        return lanes.length == 0;
    }

    /// Takes a receiver in.
    ///
    /// @return false if the group has ended
    boolean add(GroupLane receiver) {
        if (ended != null) {
            return false;
        }
        List<GroupLane> all = new ArrayList<>(List.of(lanes));
        all.add(receiver);
        lanes = all.toArray(NONE);
        return true;
    }

    /// Whether a receiver is in.
    boolean has(Share receiver) {
        for (GroupLane lane : lanes) {
            if (lane.way() == receiver) {
                return true;
            }
        }
        return false;
    }

    /// Takes a receiver out. Does nothing if it is not in.
    void remove(Share receiver) {
        for (GroupLane lane : lanes) {
            if (lane.way() == receiver) {
                List<GroupLane> rest = new ArrayList<>(List.of(lanes));
                boolean _ = rest.remove(lane);
                lanes = rest.toArray(NONE);
                lane.leave();
                past.addLane(lane.way().tally());
                return;
            }
        }
    }

    /// Takes all out: there are no members from now on.
    ///
    /// @param reason a sentence for later calls
    List<GroupLane> end(String reason) {
        List<GroupLane> all = List.of(lanes);
        all.forEach(lane -> past.addLane(lane.way().tally()));
        lanes = NONE;
        ended = reason;
        return all;
    }

    /// Whether the group has ended.
    boolean isEnded() {
        return ended != null;
    }

    /// Checks that the group has not ended.
    void checkOpen() {
        String reason = ended;
        if (reason != null) {
            throw new LaneException(LaneException.Kind.CLOSED, reason);
        }
    }

    /// Lets a receiver go that has ended, or has left; any other failure is the sender's to know.
    /// Its lane has no claim.
    void dropIfOver(GroupLane lane, LaneException failure) {
        switch (failure.kind()) {
            case CLOSED -> drop(lane); // it was let go meanwhile
            case DISCONNECTED, REFUSED, VIOLATION, MISMATCH -> {
                sayDropped(lane, failure);
                drop(lane); // then: where there is no thread for that, the next message tries again
            }
            case EXHAUSTED, CROWDED, NO_RECEIVER, TOO_LARGE -> throw failure;
        }
    }

    /// On a thread of its own: what handles a log, and the action, are not run under the group's
    /// lock.
    private void sayDropped(GroupLane lane, LaneException failure) {
        BiConsumer<Share, LaneException> action = onDrop;
        Thread _ = Thread.ofVirtual().name("ipc-channel drop").start(() -> {
            try {
                action.accept(lane.way(), failure);
            } finally {
                if (failure.kind() != LaneException.Kind.DISCONNECTED) {
                    Log.warningOfPeer("a receiver gets no more of a sender's messages", failure);
                }
            }
        });
    }

    private void drop(GroupLane lane) {
        remove(lane.way());
        lane.way().end("its receiver is gone");
    }
}
