package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.lane.LaneException;
import dev.ipcchannel.internal.lane.Share;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The receivers of a [Group] that get a message that is committed now.
///
/// Changed under the group's lock; any thread may read it.
@SuppressWarnings("ReferenceEquality") // lanes are meant by identity
final class Members {

    private static final GroupLane[] NONE = {};

    private volatile GroupLane[] lanes = NONE; // copied at each change

    /// The lanes as they are now; not to be changed.
    GroupLane[] lanes() {
        return lanes;
    }

    boolean isEmpty() {
        return lanes.length == 0;
    }

    void add(Share receiver) {
        List<GroupLane> all = new ArrayList<>(List.of(lanes));
        all.add(new GroupLane(receiver));
        lanes = all.toArray(NONE);
    }

    /// Takes a receiver out.
    ///
    /// @return its lane; null if it was not in
    @Nullable
    GroupLane remove(Share receiver) {
        for (GroupLane lane : lanes) {
            if (lane.way() == receiver) {
                List<GroupLane> rest = new ArrayList<>(List.of(lanes));
                boolean _ = rest.remove(lane);
                lanes = rest.toArray(NONE);
                lane.leave();
                return lane;
            }
        }
        return null;
    }

    /// Takes all out.
    List<GroupLane> removeAll() {
        List<GroupLane> all = List.of(lanes);
        lanes = NONE;
        return all;
    }

    /// Lets a receiver go that has ended, or has left; any other failure is the sender's to know.
    /// Its lane has no claim.
    void dropIfOver(GroupLane lane, LaneException failure) {
        switch (failure.kind()) {
            case DISCONNECTED, CLOSED -> drop(lane);
            case REFUSED, VIOLATION, MISMATCH -> {
                drop(lane);
                // On a thread of its own: what handles a log is not run under the group's lock.
                Thread _ = Thread.ofVirtual().name("ipc-channel warning").start(() -> Log
                        .warningOfPeer("a receiver gets no more of a sender's messages", failure));
            }
            case EXHAUSTED, CROWDED, NO_RECEIVER, TOO_LARGE -> throw failure;
        }
    }

    private void drop(GroupLane lane) {
        GroupLane _ = remove(lane.way());
        lane.way().end("its receiver is gone");
    }
}
