package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.end.Views;
import dev.ipcchannel.internal.wait.Turn;
import dev.ipcchannel.internal.wire.LaneException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The message that a user writes in place for all receivers of a [Group]: in the lane of the only
/// one, or else in memory of our own. A receiver can write to its own lane, and so could alter
/// there what all others are to get. (It can yet where another joins before the commit: that one
/// gets what the first one's lane has then.)
///
/// From [#open] to [#end] the calling thread has the turn, and the claims are its own. It opens,
/// commits and ends under the group's lock, which it leaves to clear and copy what is long; in
/// between it writes the message without that, and no other thread comes near what it writes, but
/// for the end of a sender that no thread can reach any more, and for the next thread to have the
/// turn after one that has died.
final class UserClaim {

    private static final int MAX_KEPT = 1 << 20; // bytes, between claims
    private static final MemorySegment NONE = MemorySegment.NULL;

    private final Turn turn;
    private final Claims claims;
    private long number; // another once that has gone with its sender
    private boolean isOpen;
    private int length;
    private @Nullable GroupLane written; // in which it is written; null where memory of ours is
    private MemorySegment scratch = NONE; // of the memory of ours
    private @Nullable Views memory; // not of the heap: users see it as a buffer, too
    private boolean isLast; // the sender has ended

    UserClaim(Turn turn, Claims claims) {
        this.turn = turn;
        this.claims = claims;
    }

    /// Takes the turn, with room claimed in all lanes.
    ///
    /// @return where the message is to be written in [#view]
    /// @throws dev.ipcchannel.internal.posix.PosixException if there is no memory for it; no lane
    /// has a claim then
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
        turn.exit(); // having the turn keeps all others off it
        try {
            clear(length);
        } finally {
            turn.enter();
        }
    }

    /// What was written there before may be older than a receiver that is there now.
    private void clear(int newLength) {
        MemorySegment kept = scratch; // of whole words
        if (kept.byteSize() < newLength) {
            closeScratch(); // first: there may be memory for one of them only
            Views views = Views.ofOwn((newLength + Long.BYTES - 1L) & -Long.BYTES);
            memory = views;
            scratch = views.view();
            return;
        }
        for (long at = 0; at < newLength; at += Long.BYTES) { // a slice would be an object
            kept.set(ValueLayout.JAVA_LONG, at, 0);
        }
    }

    /// The number of the open claim: no two have the same.
    long number() {
        return number;
    }

    /// Whether a thread has it open. Under the group's lock.
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

    /// The memory to write to. By the thread that has it open, without the lock.
    MemorySegment view() {
        GroupLane lane = written;
        return lane == null ? scratch : lane.way().view();
    }

    /// Commits the message to all who are there now. A receiver that has joined since the claim was
    /// opened gets it too: a commit does not wait, and that one's lane is new, so if there is no
    /// room in it at once, nothing is sent. [#end] follows in any case.
    ///
    /// @return false if no receiver is left
    boolean commit() {
        GroupLane lane = written;
        MemorySegment from = view();
        long index = lane == null ? 0 : lane.index();
        do {
            claimForNewcomers();
            copyIn(from, index, lane);
        } while (!claims.areAll()); // one may have joined during the copies
        claims.abortLeft(); // after the copies, which may be from there
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
        turn.exit(); // having the turn keeps all others off the claims
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
        Views last = memory;
        if (last != null) {
            memory = null;
            scratch = NONE;
            last.close();
        }
    }

    /// Its sender ends: a claim of the calling thread goes with it, as does any of a sender that is
    /// forgotten. One that another thread has open can still be committed.
    void endWithSender(boolean isForgotten) {
        isLast = true;
        if (!isOpen) {
            closeScratch();
        } else if (!isForgotten && !turn.isMine()) {
            turn.whenFree(this::endLeftBehind); // that thread may die with it
        } else {
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
