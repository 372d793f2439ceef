package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.wire.LaneException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The set of the receivers of a [Group] that get a message committed now, until the group ends.
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
    // Of the lanes that left; under the lock.
    private final Counters past = new Counters(Counters.Side.SENDER);
    private BiConsumer<Share, LaneException> onDrop = (_, _) -> {}; // under the lock

    /// @param name of the sender, for people
    /// @param dropped the count to which it adds the messages that do not go to a receiver
    Members(String name, AtomicLong dropped) {
        this.name = name;
        this.dropped = dropped;
    }

    /// Runs `action` for each receiver that is dropped because its lane is over, see
    /// [Group#onDrop].
    void onDrop(BiConsumer<Share, LaneException> action) {
        onDrop = action;
    }

    /// The sum of a sender's own counters and of those of all lanes.
    Counters sum(Counters own) {
        Counters sum = own.copy();
        sum.addLane(past);
        for (GroupLane lane : lanes) {
            sum.addLane(lane.way().counters());
            sum.addHeld(lane.way().counters());
        }
        return sum;
    }

    /// The lanes at this moment; not to be changed.
    GroupLane[] lanes() {
        return lanes;
    }

    boolean isEmpty() {
        return lanes.length == 0;
    }

    /// Adds a receiver.
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

    /// The lane of a receiver; null if it is not a member.
    @Nullable
    GroupLane of(Share receiver) {
        for (GroupLane lane : lanes) {
            if (lane.way() == receiver) {
                return lane;
            }
        }
        return null;
    }

    /// A lagging lane; null if there is none.
    @Nullable
    GroupLane lagging() {
        for (GroupLane lane : lanes) {
            if (lane.isLagging()) {
                return lane;
            }
        }
        return null;
    }

    /// Counts messages that one receiver does not get.
    void countDropped(GroupLane lane, int count) {
        lane.drop(count);
        countDropped(count);
    }

    /// Counts messages that are dropped because there is no receiver.
    void countDropped(int count) {
        long _ = dropped.addAndGet(count);
    }

    /// The number of messages without a receiver, and of those that a receiver did not get, each
    /// counted once for each such receiver.
    long dropped() {
        return dropped.get();
    }

    /// Removes a receiver. Does nothing if it is not a member.
    void remove(Share receiver) {
        GroupLane lane = of(receiver);
        if (lane != null) {
            List<GroupLane> rest = new ArrayList<>(List.of(lanes));
            boolean _ = rest.remove(lane);
            lanes = rest.toArray(NONE);
            lane.leave();
            countDropped(lane, lane.backlog().discard());
            past.addLane(lane.way().counters());
        }
    }

    /// Takes no messages other than those that wait on this side; receivers join and leave as
    /// before. [#end] follows.
    ///
    /// @param reason a sentence for later calls
    void retire(String reason) {
        ended = reason;
    }

    /// Removes all: there are no members from now on.
    ///
    /// @param reason a sentence for later calls
    List<GroupLane> end(String reason) {
        List<GroupLane> all = List.of(lanes);
        all.forEach(lane -> past.addLane(lane.way().counters()));
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

    /// Whether the group has ended completely. Called under the lock.
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

    /// Drops a receiver that has ended or has left. Throws any other failure, for the sender. The
    /// lane has no claim.
    void dropIfOver(GroupLane lane, LaneException failure) {
        switch (failure.kind()) {
            case CLOSED -> drop(lane); // it was removed meanwhile
            case DISCONNECTED, REFUSED, VIOLATION, MISMATCH -> {
                sayDropped(lane, failure);
                // After it: if there is no thread for the report, the next message tries again.
                drop(lane);
            }
            case EXHAUSTED, CROWDED, NO_RECEIVER, TOO_LARGE -> throw failure;
        }
    }

    /// Disconnects a receiver that is too slow: it still gets the messages committed to it.
    void cutOff(GroupLane lane) {
        sayDropped(lane, new LaneException(LaneException.Kind.CLOSED,
                ("a receiver was cut off as too slow, since its ring had no room for a message:"
                        + " dropped=%d%s%s: have it connect again, and receive faster, or give it a"
                        + " larger ring").formatted(lane.dropped(),
                                name.isEmpty() ? "" : ", name=" + name,
                                lane.way().describeRing())));
        drop(lane);
    }

    /// Runs on a thread of its own, so that neither the action nor a log handler runs under the
    /// group's lock.
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
