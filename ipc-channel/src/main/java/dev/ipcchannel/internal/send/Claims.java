package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.AllSteps;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.wire.LaneException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The room of one message in the lanes of a [Group], from the first claim to the commit.
///
/// Used under the group's lock. The thread that has the turn makes long copies without the lock: no
/// other thread claims or gives up meanwhile. A lane that leaves in the meantime has ended for its
/// receiver, but it remains among the claims until the claiming thread gives it up, before it sends
/// anything: a user may be writing in that lane.
@SuppressWarnings("ReferenceEquality") // lanes are meant by identity
final class Claims {

    // Bytes: a copy of more takes as long as several calls.
    private static final int LONG = 64 << 10;

    private final Members members;
    private final Counters counters;
    // Iterated by index, and the lambda made once: no allocation for each message.
    private final List<GroupLane> lanes = new ArrayList<>();
    private final Consumer<GroupLane> commitOne = this::commit;
    private long number = 1; // of the message
    private boolean isSent; // in one of them at least
    private @Nullable GroupLane full; // the one that the last look found, for people

    Claims(Members members, Counters counters) {
        this.members = members;
        this.counters = counters;
    }

    boolean isEmpty() {
        return lanes.isEmpty();
    }

    /// The claimed lane if it is the only one, else null.
    @Nullable
    GroupLane only() {
        return lanes.size() == 1 ? lanes.getFirst() : null;
    }

    List<GroupLane> lanes() {
        return List.copyOf(lanes);
    }

    /// Adds a lane before room is claimed in it, so that a failure after the claim finds it here.
    void add(GroupLane toClaim) {
        lanes.add(toClaim);
        toClaim.note(number);
    }

    /// Removes a lane. The caller ends the lane's claim, if there is one.
    void remove(GroupLane lane) {
        if (lanes.remove(lane)) {
            lane.note(0);
        }
    }

    /// Whether this message has a claim in that lane. An abandoned claim of an earlier message does
    /// not count.
    boolean has(GroupLane lane) {
        return lane.isNoted(number);
    }

    /// Claims room in all lanes without a claim. If one of them has no room, all claims are given
    /// up.
    boolean tryAll(int length, int descriptors) {
        boolean isClaimed = false;
        try {
            if (!mayClaim(length, descriptors)) {
                return false;
            }
            for (GroupLane lane : members.lanes()) {
                if (!has(lane) && !isOverOrClaimed(lane, length, descriptors)) {
                    noteFull(lane);
                    return false;
                }
            }
            isClaimed = true;
            return true;
        } finally {
            if (!isClaimed) {
                abort();
            }
        }
    }

    /// Claims room in each lane without a claim that has room now, and passes over the others. A
    /// lagging lane has no room. If this fails, the caller gives up all claims.
    void tryEach(int length, int descriptors) {
        GroupLane[] all = members.lanes();
        for (GroupLane lane : all) { // see mayClaim
            if (!isAsked(lane) && (lane.isLagging()
                    || !lane.way().mayClaim(length, descriptors))) {
                lane.passOver();
            }
        }
        for (GroupLane lane : all) {
            if (!isAsked(lane) && !isOverOrClaimed(lane, length, descriptors)) {
                remove(lane);
                lane.passOver();
            }
        }
    }

    /// Whether each receiver that is here now has its claim, or was passed over.
    boolean areAllAsked() {
        for (GroupLane lane : members.lanes()) {
            if (!isAsked(lane)) {
                return false;
            }
        }
        return true;
    }

    private boolean isAsked(GroupLane lane) {
        return has(lane) || lane.isPassedOver();
    }

    /// Whether a claim in all lanes is worth a try. Each lane is looked at before the first claim:
    /// the look releases files that the lane's receiver has passed, and the claim may take such a
    /// file.
    boolean mayClaim(int length, int descriptors) {
        for (GroupLane lane : members.lanes()) {
            if (!has(lane)
                    && (lane.isLagging() || !lane.way().mayClaim(length, descriptors))) {
                noteFull(lane);
                return false;
            }
        }
        noteFull(null);
        return true;
    }

    /// Notes which lane a look has found without room; null if it has found room in all.
    void noteFull(@Nullable GroupLane lane) {
        if (full != lane) { // a load costs less than a store
            full = lane;
        }
    }

    /// The lane that the last look has found without room; null if there was none.
    @Nullable
    GroupLane full() {
        return full;
    }

    private boolean isOverOrClaimed(GroupLane lane, int length, int descriptors) {
        add(lane);
        try {
            return lane.tryClaim(length, descriptors);
        } catch (LaneException failure) {
            remove(lane);
            members.dropIfOver(lane, failure);
            return true;
        }
    }

    /// Whether each receiver that is here now has its claim.
    boolean areAll() {
        for (GroupLane lane : members.lanes()) {
            if (!has(lane)) {
                return false;
            }
        }
        return true;
    }

    /// Gives up the claims in lanes that have left.
    void abortLeft() {
        for (int i = lanes.size() - 1; i >= 0; i--) {
            GroupLane lane = lanes.get(i);
            if (lane.hasLeft()) {
                remove(lane);
                lane.abort();
            }
        }
    }

    /// Whether a message is copied without the lock: else the thread that accepts other processes,
    /// and any thread that only tries to send, would wait for the copy.
    static boolean isLong(int length) {
        return length > LONG;
    }

    /// Whether each claimed lane has the bytes of the message.
    boolean areFilled() {
        for (int i = 0; i < lanes.size(); i++) {
            if (!lanes.get(i).isFilled()) {
                return false;
            }
        }
        return true;
    }

    /// Copies a message to each ring, and once to the file that all other lanes share, except where
    /// that was done before. The thread that has the turn needs no lock for this.
    void copyIn(OutgoingMessage message) {
        MemorySegment file = null;
        for (int i = 0; i < lanes.size(); i++) {
            GroupLane lane = lanes.get(i);
            MemorySegment room = lane.room();
            if (!lane.isFilled() && !room.equals(file)) {
                lane.copyIn(message, room);
            }
            lane.fill();
            file = lane.isSpilled() ? room : file;
        }
    }

    /// Copies a message that was written in place to all other lanes.
    ///
    /// @param written the lane in which it was written; null if it was in none
    void copyIn(MemorySegment from, long index, int length, @Nullable GroupLane written) {
        MemorySegment file = written != null && written.isSpilled() ? from : null;
        for (int i = 0; i < lanes.size(); i++) {
            GroupLane lane = lanes.get(i);
            MemorySegment room = lane.room();
            if (lane != written && !lane.isFilled() && !room.equals(file)) {
                lane.copyIn(from, index, length, room);
            }
            lane.fill();
            file = lane.isSpilled() ? room : file;
        }
    }

    /// Sends the descriptors of the message in each lane, except where that was done before.
    ///
    /// @throws LaneException if that is not possible now. The lane in which the send failed has no
    /// claim afterwards; the others keep theirs
    void sendParts(List<Descriptor> descriptors) {
        for (int i = lanes.size() - 1; i >= 0; i--) { // downwards: some may go
            GroupLane lane = lanes.get(i);
            try {
                lane.sendParts(descriptors);
            } catch (LaneException failure) {
                remove(lane);
                members.dropIfOver(lane, failure);
            }
        }
    }

    /// Commits the message in all lanes, and counts it once.
    ///
    /// @return whether any lane has committed it
    boolean commit(int length) {
        isSent = false;
        try {
            AllSteps.take(lanes, commitOne); // if one fails, the others still get the message
        } finally {
            abort(); // the rest of a claim whose lane has failed
        }
        if (isSent) {
            boolean _ = counters.message(length);
        }
        return isSent;
    }

    private void commit(GroupLane lane) {
        try {
            lane.commit();
            isSent = true;
        } catch (LaneException failure) {
            members.dropIfOver(lane, failure);
        }
    }

    /// Gives up all claims.
    void abort() {
        try {
            AllSteps.take(lanes, GroupLane::abort);
        } finally {
            lanes.clear();
            number++;
        }
    }

    /// Forgets claims whose thread has died or will never use them: each lane gives the room to its
    /// next claim.
    void forget() {
        lanes.forEach(GroupLane::forget);
        abort();
    }
}
