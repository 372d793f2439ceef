package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.lane.LaneException;
import dev.ipcchannel.internal.lane.Turn;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The message that a user writes in place for all receivers of a [Group]: in the lane of the first
/// of them, or in memory of our own where there is none.
///
/// From [#open] to [#end] the calling thread has the turn, and the claims are its own. It opens,
/// commits and ends under the group's lock; in between it writes the message without that, and no
/// other thread comes near what it writes, but for the end of a sender that no thread can reach any
/// more, and for the next thread to have the turn after one that has died.
final class UserClaim {

    private static final MemorySegment EMPTY = MemorySegment.ofArray(new byte[0]);

    private final Turn turn;
    private final Claims claims;
    private long number; // another once that has gone with its sender
    private boolean isOpen;
    private int length;
    private @Nullable GroupLane written; // in which it is written; null where that is memory of ours
    private MemorySegment scratch = EMPTY;

    UserClaim(Turn turn, Claims claims) {
        this.turn = turn;
        this.claims = claims;
    }

    /// Takes the turn, with room claimed in all lanes.
    ///
    /// @return where the message is to be written in [#view]
    long open(int newLength) {
        GroupLane first = claims.isEmpty() ? null : claims.first();
        scratch = first == null ? MemorySegment.ofArray(new byte[newLength]) : EMPTY;
        turn.take();
        isOpen = true;
        number++;
        length = newLength;
        written = first;
        return first == null ? 0 : first.index();
    }

    /// The number of the open claim: no two have the same.
    long number() {
        return number;
    }

    /// Whether the calling thread has it open. Any thread may ask.
    boolean isHere() {
        return turn.isMine() && isOpen;
    }

    /// Checks that the calling thread has it open.
    ///
    /// @throws IllegalStateException if it has not
    void checkHere() {
        if (!isHere()) {
            throw new IllegalStateException("no claim of this thread is open on this sender");
        }
    }

    /// The memory to write to. By the thread that has it open, without the lock.
    MemorySegment view() {
        GroupLane lane = written;
        return lane == null ? scratch : lane.way().view();
    }

    /// Commits the message to all who are there now. A receiver that has joined since the claim was
    /// opened gets it too: a commit does not wait, and that one's lane is new, so if there is no room
    /// in it at once, nothing is sent. [#end] follows in any case.
    ///
    /// @return false if no receiver is left
    boolean commit() {
        GroupLane lane = written;
        MemorySegment from = view();
        long index = lane == null ? 0 : lane.index();
        if (!claims.tryAll(length, 0)) {
            throw new LaneException(LaneException.Kind.EXHAUSTED, "a receiver that has joined since"
                    + " the claim was opened has no room at once, and nothing was sent: send again");
        }
        claims.copyIn(from, index, length, lane);
        claims.abortLeft(); // after the copy, which may be from there
        claims.sendParts(List.of());
        return claims.commit(length);
    }

    /// Gives up what is not committed, and the turn.
    void end() {
        try {
            claims.abort();
        } finally {
            isOpen = false;
            written = null;
            scratch = EMPTY;
            turn.end();
        }
    }

    /// Its sender ends: a claim of the calling thread goes with it, as does any of a sender that is
    /// forgotten. One that another thread has open can still be committed.
    void endWithSender(boolean isForgotten) {
        if (isOpen && (isForgotten || turn.isMine())) {
            if (isForgotten) {
                claims.forget(); // whichever thread made them
            }
            end();
            number++;
        }
    }

    /// With the turn free: a thread that dies with a claim leaves it open. Each lane gives its room
    /// to the next claim there.
    void endLeftBehind() {
        if (isOpen) {
            claims.forget();
            end();
        }
    }
}
