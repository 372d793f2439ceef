package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.AllSteps;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.end.Tally;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.wire.LaneException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The room that one message has in the lanes of a [Group], from the first claim to the commit.
///
/// Used under the group's lock; the copies by the thread that has the turn, without it if they are
/// long: nobody else claims or gives up meanwhile. A lane that leaves meanwhile has ended for its
/// receiver, but stays among the claims until the claiming thread gives it up, which it does before
/// it sends anything: it may be the one in which a user writes.
@SuppressWarnings("ReferenceEquality") // lanes are meant by identity
final class Claims {

    private static final int LONG = 64 << 10; // bytes: a copy of that takes the time of some calls

    private final Members members;
    private final Tally tally;
    // Walked by index, and the step made once: nothing for the heap.
    private final List<GroupLane> lanes = new ArrayList<>();
    private final Consumer<GroupLane> commitOne = this::commit;
    private long number = 1; // of the message
    private boolean isSent; // to one of them at least
    private @Nullable GroupLane full; // that the last look has found, for people

    Claims(Members members, Tally tally) {
        this.members = members;
        this.tally = tally;
    }

    boolean isEmpty() {
        return lanes.isEmpty();
    }

    /// The claimed lane, if there is one alone.
    @Nullable
    GroupLane only() {
        return lanes.size() == 1 ? lanes.getFirst() : null;
    }

    List<GroupLane> lanes() {
        return List.copyOf(lanes);
    }

    /// Notes a lane before it is claimed: whatever fails after that, what is claimed is known here.
    void add(GroupLane toClaim) {
        lanes.add(toClaim);
        toClaim.note(number);
    }

    /// Takes a lane out: its claim, if there is one, is the caller's to end.
    void remove(GroupLane lane) {
        if (lanes.remove(lane)) {
            lane.note(0);
        }
    }

    /// Whether this message has a claim in that lane, which is not so where a claim was left
    /// behind.
    boolean has(GroupLane lane) {
        return lane.isNoted(number);
    }

    /// Claims room in all lanes that have no claim yet. If one has no room, all claims are given
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

    /// Claims room in each lane that has some now, of those that have no claim yet, and passes the
    /// others over; a lane that is behind has no room. Where it fails, all claims are the caller's
    /// to give up.
    void tryEach(int length, int descriptors) {
        GroupLane[] all = members.lanes();
        for (GroupLane lane : all) { // see mayClaim
            if (!isAsked(lane) && (lane.isBehind()
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

    /// All are asked before the first claim takes a file, which may be another lane's until then.
    boolean mayClaim(int length, int descriptors) {
        for (GroupLane lane : members.lanes()) {
            if (!has(lane)
                    && (lane.isBehind() || !lane.way().mayClaim(length, descriptors))) {
                noteFull(lane);
                return false;
            }
        }
        noteFull(null);
        return true;
    }

    /// Notes which lane a look has found without room: null if it has found room in all.
    void noteFull(@Nullable GroupLane lane) {
        if (full != lane) { // a look costs less than a store
            full = lane;
        }
    }

    /// The lane without room that the last look has found; null if it has found none.
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

    /// Gives up what is claimed in lanes that have left.
    void abortLeft() {
        for (int i = lanes.size() - 1; i >= 0; i--) {
            GroupLane lane = lanes.get(i);
            if (lane.hasLeft()) {
                remove(lane);
                lane.abort();
            }
        }
    }

    /// Whether the copy of a message is to be made without the lock: the thread on which processes
    /// meet, and one that only tries to send, wait for that.
    static boolean isLong(int length) {
        return length > LONG;
    }

    /// Whether each lane that has a claim has the message.
    boolean areFilled() {
        for (int i = 0; i < lanes.size(); i++) {
            if (!lanes.get(i).isFilled()) {
                return false;
            }
        }
        return true;
    }

    /// Copies a message to each ring, and once to the file that all other lanes have, where that
    /// was not done before. By the thread that has the turn this needs no lock.
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

    /// The same for a message that was written in place.
    ///
    /// @param written the lane in which it was; null if it was in none
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

    /// Sends in each lane what goes along, where that was not done before.
    ///
    /// @throws LaneException if that is not possible now. The lane where it was not has no claim
    /// then; the others keep theirs
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
    /// @return whether there was one
    boolean commit(int length) {
        isSent = false;
        try {
            AllSteps.take(lanes, commitOne); // where one fails, the others get the message
        } finally {
            abort(); // what is left of a lane that has failed
        }
        if (isSent) {
            boolean _ = tally.message(length);
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

    /// Gives up all that is claimed.
    void abort() {
        try {
            AllSteps.take(lanes, GroupLane::abort);
        } finally {
            lanes.clear();
            number++;
        }
    }

    /// The thread that had the claims has died with them, or will never use them: each lane gives
    /// its room to the next claim there.
    void forget() {
        lanes.forEach(GroupLane::forget);
        abort();
    }
}
