package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.wait.Turn;
import java.util.function.Consumer;

/// The wait of a thread for the turn of a [Group], while another thread has it and waits for room,
/// or writes a message in place.
///
/// Used under the group's lock, which a wait leaves.
final class TurnWait {

    private final String name;
    private final Turn turn;
    private final Members members;
    private final Counters counters;
    private final RoomInAll room;
    private final UserClaim userClaim;
    private Consumer<String> whenDelayed = _ -> {};

    /// @param name of the sender, for people
    TurnWait(String name, GroupState state, RoomInAll room, UserClaim userClaim) {
        this.name = name;
        this.turn = state.turn();
        this.members = state.members();
        this.counters = state.counters();
        this.room = room;
        this.userClaim = userClaim;
    }

    /// Runs `action`, on a thread of its own, for each wait that takes a while, with the reason.
    void whenDelayed(Consumer<String> action) {
        whenDelayed = action;
    }

    /// Checks that the group takes messages, and that the calling thread may send one.
    void checkUsable() {
        members.checkOpen();
        if (turn.isMine()) {
            throw new IllegalStateException("this thread has a claim open on this sender:"
                    + (name.isEmpty() ? "" : " name=" + name + ":") + " commit or close it first");
        }
    }

    /// Whether no other thread has the turn now.
    boolean isFree() {
        checkUsable();
        boolean isFree = turn.isFree();
        if (isFree) {
            userClaim.endAbandoned();
        }
        return isFree;
    }

    /// Waits until no other thread has the turn.
    ///
    /// @return false if the deadline came first
    boolean isFreeBy(Deadline deadline) throws InterruptedException {
        if (isFree()) {
            return true;
        }
        boolean isFree = isAwaited(deadline);
        return isFree && isFree();
    }

    private boolean isAwaited(Deadline deadline) throws InterruptedException {
        Deadline first = deadline.earlier(room.longWait());
        boolean isFree = turn.awaitFree(members::isEnded, first, counters);
        if (isFree || deadline.isPast()) {
            return isFree;
        }
        String claim = claimElsewhere();
        if (!claim.isEmpty()) { // else that thread waits for room, and reports it
            Consumer<String> action = whenDelayed;
            Thread.ofVirtual().name("ipc-channel wait").start(() -> action.accept(claim));
        }
        return turn.awaitFree(members::isEnded, deadline, counters);
    }

    /// The claim that another thread has open, as the end of a sentence; empty if there is none.
    String claimElsewhere() {
        return turn.isFree() || !userClaim.isOpen() ? ""
                : "a thread has a claim open: thread=%s: commit or close it"
                        .formatted(turn.holderName());
    }
}
