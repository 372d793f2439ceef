package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.end.Tally;
import dev.ipcchannel.internal.wire.LaneException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The receivers of a [Group] that get a message that is committed now, until the group ends.
///
/// Changed under the group's lock; any thread may read it.
@SuppressWarnings("ReferenceEquality") // lanes are meant by identity
final class Members {

    private static final GroupLane[] NONE = {};

    private final String name;
    private volatile GroupLane[] lanes = NONE; // copied at each change
    private volatile @Nullable String ended;
    private boolean isOver; // under the lock
    private final AtomicLong dropped; // messages; any thread may read it
    private final Tally past = new Tally(Tally.Side.SENDER); // of those that left; under the lock
    private BiConsumer<Share, LaneException> onDrop = (_, _) -> {}; // under the lock

    /// @param name of the sender, for people
    /// @param dropped to which the messages are added that do not go to a receiver
    Members(String name, AtomicLong dropped) {
        this.name = name;
        this.dropped = dropped;
    }

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
    /// @return false if the group is over
    boolean add(GroupLane receiver) {
        if (isOver) {
            return false;
        }
        List<GroupLane> all = new ArrayList<>(List.of(lanes));
        all.add(receiver);
        lanes = all.toArray(NONE);
        return true;
    }

    /// The lane of a receiver that is in.
    @Nullable
    GroupLane of(Share receiver) {
        for (GroupLane lane : lanes) {
            if (lane.way() == receiver) {
                return lane;
            }
        }
        return null;
    }

    /// One of them for which messages wait on this side; null if there is none.
    @Nullable
    GroupLane behind() {
        for (GroupLane lane : lanes) {
            if (lane.isBehind()) {
                return lane;
            }
        }
        return null;
    }

    /// So many messages do not go to one of them.
    void countDropped(GroupLane lane, int count) {
        lane.drop(count);
        countDropped(count);
    }

    /// So many messages have no receiver, and are dropped.
    void countDropped(int count) {
        long _ = dropped.addAndGet(count);
    }

    /// How many messages had no receiver, or have not gone to one, each counted for each of those.
    long dropped() {
        return dropped.get();
    }

    /// Takes a receiver out. Does nothing if it is not in.
    void remove(Share receiver) {
        GroupLane lane = of(receiver);
        if (lane != null) {
            List<GroupLane> rest = new ArrayList<>(List.of(lanes));
            boolean _ = rest.remove(lane);
            lanes = rest.toArray(NONE);
            lane.leave();
            countDropped(lane, lane.backlog().discard());
            past.addLane(lane.way().tally());
        }
    }

    /// Sends no more messages than those that wait on this side; receivers come and go as before.
    /// [#end] follows.
    ///
    /// @param reason a sentence for later calls
    void retire(String reason) {
        ended = reason;
    }

    /// Takes all out: there are no members from now on.
    ///
    /// @param reason a sentence for later calls
    List<GroupLane> end(String reason) {
        List<GroupLane> all = List.of(lanes);
        all.forEach(lane -> past.addLane(lane.way().tally()));
        lanes = NONE;
        if (ended == null) {
            ended = reason;
        }
        isOver = true;
        return all;
    }

    /// Whether the group takes no more messages.
    boolean isEnded() {
        return ended != null;
    }

    /// Whether it has ended altogether. Under the lock.
    boolean isOver() {
        return isOver;
    }

    /// Checks that the group takes messages.
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

    /// Lets a receiver go that is too slow: what was committed to it is still received.
    void cutOff(GroupLane lane) {
        sayDropped(lane, new LaneException(LaneException.Kind.CLOSED,
                ("a receiver was cut off as too slow, since its ring had no room for a message:"
                        + " dropped=%d%s%s: have it connect again, and receive faster, or give it a"
                        + " larger ring").formatted(lane.dropped(),
                                name.isEmpty() ? "" : ", name=" + name,
                                lane.way().describeRing())));
        drop(lane);
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
