package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.end.GuardedView;
import dev.ipcchannel.internal.wait.Turn;
import dev.ipcchannel.internal.wire.LaneException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The message that a user writes in place for all receivers of a [Group]: in the lane of the only
/// receiver, or else in memory of this process. A receiver can write to its own lane, so it could
/// alter there what other receivers get. (It still can if another receiver joins before the commit:
/// the newcomer gets what the first receiver's lane has at that moment.)
///
/// From [#open] to [#end] the calling thread has the turn and the claims. It opens, commits and
/// ends under the group's lock, which it leaves to clear and copy long messages. In between it
/// writes the message without the lock. No other thread uses that memory, with two exceptions: the
/// thread that ends a sender which no thread can reach any more, and the next thread that takes the
/// turn after the claiming thread has died.
final class UserClaim {

    private static final int MAX_KEPT = 1 << 20; // bytes, between claims
    private static final MemorySegment NONE = MemorySegment.NULL;

    private final Turn turn;
    private final Claims claims;
    private long number; // changes when the claim ends with its sender
    private boolean isOpen;
    private int length;
    private @Nullable GroupLane written; // in which it is written; null for memory of this process
    private MemorySegment scratch = NONE; // the view of `memory`
    private @Nullable GuardedView memory; // not on the heap: users also see it as a buffer
    private boolean isLast; // the sender has ended

    UserClaim(Turn turn, Claims claims) {
        this.turn = turn;
        this.claims = claims;
    }

    /// Takes the turn, with room claimed in all lanes.
    ///
    /// @return the index in [#view] at which to write the message
    /// @throws dev.ipcchannel.internal.posix.PosixException if there is no memory for it; then no
    /// lane has a claim
    long open(int newLength) {
        GroupLane only = claims.only();
        turn.take();
        isOpen = true;
        number++;
        length = newLength;
        written = only;
        if (only != null) {
            return only.index();
        }
        boolean isReady = false;
        try {
            clearScratch();
            isReady = true;
            return 0;
        } finally {
            if (!isReady) {
                end(); // there is no memory for it
            }
        }
    }

    private void clearScratch() {
        if (!Claims.isLong(length)) {
            clear(length);
            return;
        }
        turn.exit(); // the turn keeps all other threads off the memory
        try {
            clear(length);
        } finally {
            turn.enter();
        }
    }

    /// Earlier bytes there may be older than a receiver that is present now.
    private void clear(int newLength) {
        MemorySegment kept = scratch; // of whole words
        if (kept.byteSize() < newLength) {
            closeScratch(); // first: there may be memory for only one of them
            GuardedView guarded = GuardedView.ofOwn((newLength + Long.BYTES - 1L) & -Long.BYTES);
            memory = guarded;
            scratch = guarded.view();
            return;
        }
        for (long at = 0; at < newLength; at += Long.BYTES) { // a slice would be an allocation
            kept.set(ValueLayout.JAVA_LONG, at, 0);
        }
    }

    /// The number of the open claim: no two have the same.
    long number() {
        return number;
    }

    /// Whether a thread has it open. Called under the group's lock.
    boolean isOpen() {
        return isOpen;
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

    /// The memory to write to. Called by the thread that has it open, without the lock.
    MemorySegment view() {
        GroupLane lane = written;
        return lane == null ? scratch : lane.way().view();
    }

    /// Commits the message to all receivers present now. A receiver that has joined since the claim
    /// was opened gets it too. A commit does not wait, and the lane of such a receiver is new: if
    /// that lane has no room at once, nothing is sent. [#end] follows in any case.
    ///
    /// @return false if no receiver is left
    boolean commit() {
        GroupLane lane = written;
        MemorySegment from = view();
        long index = lane == null ? 0 : lane.index();
        do {
            claimForNewcomers();
            copyIn(from, index, lane);
        } while (!claims.areAll()); // a receiver may have joined during the copies
        claims.abortLeft(); // after the copies, whose source may be such a lane
        claims.sendParts(List.of());
        return claims.commit(length);
    }

    private void claimForNewcomers() {
        if (!claims.tryAll(length, 0)) {
            throw new LaneException(LaneException.Kind.EXHAUSTED, "a receiver that has joined since"
                    + " the claim was opened has no room at once, and nothing was sent:"
                    + " send again");
        }
    }

    private void copyIn(MemorySegment from, long index, @Nullable GroupLane lane) {
        if (!Claims.isLong(length)) {
            claims.copyIn(from, index, length, lane);
            return;
        }
        turn.exit(); // the turn keeps all other threads off the claims
        try {
            claims.copyIn(from, index, length, lane);
        } finally {
            turn.enter();
        }
    }

    /// Gives up what is not committed, and the turn.
    void end() {
        try {
            claims.abort();
        } finally {
            isOpen = false;
            written = null;
            turn.end();
            if (isLast || scratch.byteSize() > MAX_KEPT) {
                closeScratch();
            }
        }
    }

    private void closeScratch() {
        GuardedView last = memory;
        if (last != null) {
            memory = null;
            scratch = NONE;
            last.close();
        }
    }

    /// Notes that its sender ends. A claim of the calling thread ends with it, and so does any
    /// claim of a forgotten sender. A claim that another thread has open can still be committed.
    void endWithSender(boolean isForgotten) {
        isLast = true;
        if (!isOpen) {
            closeScratch();
        } else if (!isForgotten && !turn.isMine()) {
            turn.whenFree(this::endAbandoned); // that thread may die with the claim
        } else {
            if (isForgotten) {
                claims.forget(); // whichever thread made them
            }
            end();
            number++;
        }
    }

    /// Ends a claim that a dead thread has left open, with the turn free. Each lane gives its room
    /// to the next claim there.
    void endAbandoned() {
        if (isOpen) {
            claims.forget();
            end();
        }
    }
}
