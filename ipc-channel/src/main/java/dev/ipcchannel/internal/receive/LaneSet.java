package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.EndHolders;
import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The lanes that a receiver reads, in turn. Used by one thread at a time, inside the inbox's
/// guard.
final class LaneSet {

    /// More senders with a lane of their own than this at once are turned away: each takes two
    /// descriptors here, and all of them have to fit into the message by which a receiver moves.
    static final int MAX_LANES = 4096;

    /// The ways in which lanes are let go of; no lambdas, for the heap may be what is lacking.
    private enum End {
        CLOSE, LOSE, ABANDON
    }

    static {
        End _ = End.CLOSE; // later, without a descriptor, it could not come out of a folder
    }

    private static final InboundLane[] NONE = {};

    private final int limit;
    private final Runnable onGone;
    private final EndHolders holders;
    private InboundLane[] lanes = NONE;
    private int next;
    private boolean hasLostOne;
    private Deadline heldUntil = Deadline.NEVER; // what a test holds back, when arm looked
    private final HeldUp heldUp = new HeldUp();
    private @Nullable Membership membership; // which hears of every lane

    /// @param limit of lanes
    /// @param onGone runs when a lane has gone from a full set, or one of a member of a name, which
    /// may have another that waits for its end
    /// @param holders learn whose lanes end
    LaneSet(int limit, Runnable onGone, EndHolders holders) {
        this.holders = holders;
        this.limit = limit;
        this.onGone = onGone;
    }

    int count() {
        return lanes.length;
    }

    /// Whether no more can be taken up, now that those at their end have gone.
    boolean isFull() {
        return lanes.length >= limit && !removeEnded();
    }

    /// Whether there is room for one more, without a look at those that are there.
    boolean hasRoom() {
        return lanes.length < limit;
    }

    /// Whether there is a lane of a member of a name.
    boolean hasOf(long member) {
        for (InboundLane lane : lanes) {
            if (lane.member() == member) {
                return true;
            }
        }
        return false;
    }

    /// How many there can be.
    int limit() {
        return limit;
    }

    /// Whether a lane will go once it is read: its sender is gone.
    boolean isAnySenderGone() {
        for (InboundLane lane : lanes) {
            if (lane.isSenderGone()) {
                return true;
            }
        }
        return false;
    }

    /// Takes a lane over, also when that fails.
    void add(InboundLane lane) {
        try {
            InboundLane[] longer = Arrays.copyOf(lanes, lanes.length + 1);
            longer[lanes.length] = lane;
            Membership joined = membership;
            if (joined != null) {
                lane.join(joined);
            }
            lanes = longer;
        } catch (RuntimeException | Error failure) {
            lane.close(); // a lane that nobody hears of would be waited for in vain
            throw failure;
        }
    }

    /// Has a set hear of these lanes and of those that come.
    void join(Membership joined) {
        membership = joined;
        for (InboundLane lane : lanes) {
            lane.join(joined);
        }
        heldUp.join(joined);
    }

    /// Has no set hear of them any more.
    void leave() {
        membership = null;
        for (InboundLane lane : lanes) {
            lane.leave();
        }
        heldUp.join(null);
    }

    /// Has the watcher tell of bells, or of ends alone.
    void tellBells(boolean isWanted) {
        for (InboundLane lane : lanes) {
            lane.tellBells(isWanted);
        }
    }

    /// Whether a lane has ended without a word: its process died, or broke the format.
    boolean hasLostOne() {
        return hasLostOne;
    }

    /// As a former owner of these lanes knew it.
    void setHasLostOne(boolean isSo) {
        hasLostOne = isSo;
    }

    /// The next lane with a message, found and checked; null if there is none. A lane that is met
    /// at its end goes: those that are read do not take turns with it.
    ///
    /// @throws Breach if a sender broke the format
    @Nullable
    InboundLane poll() {
        for (int left = lanes.length; left > 0; left--) {
            InboundLane lane = lanes[next];
            next = next + 1 == lanes.length ? 0 : next + 1;
            try {
                if (lane.poll()) {
                    return lane;
                }
            } catch (RingViolation violation) {
                throw breach(lane, violation);
            } catch (PosixException failure) { // see drain
                throw failure.isExhaustion() ? failure : breach(lane, failure);
            }
            if (lane.isSocketOver() && lane.isEnded()) { // first what is known here, at no cost
                removeEnded();
                left = Math.min(left, lanes.length + 1);
            }
        }
        return null;
    }

    /// Leaves the lane's found message where it is: the next [#poll] begins there.
    void stayAt(InboundLane lane) {
        for (int i = 0; i < lanes.length; i++) {
            if (lanes[i] == lane) {
                next = i;
            }
        }
    }

    /// Whether any lane has something, by a first look that believes nothing.
    boolean isAnyReady() {
        for (InboundLane lane : lanes) {
            if (!lane.ring().isEmpty() && lane.heldUntil() == null) {
                return true;
            }
        }
        return false;
    }

    /// Whether a message is there that a test holds back.
    boolean isAnyHeld() {
        for (InboundLane lane : lanes) {
            if (lane.heldUntil() != null) {
                return true;
            }
        }
        return false;
    }

    /// The deadline, or a time before it at which a message comes free that a test holds back, as
    /// [#arm] has found it: a message that came free since is no longer known to be waited for.
    Deadline untilFree(Deadline deadline) {
        return deadline.earlier(heldUntil);
    }

    /// Whether a writer sleeps for want of room.
    boolean isAnyWriterAsleep() {
        for (InboundLane lane : lanes) {
            if (lane.ring().isWriterAsleep()) {
                return true;
            }
        }
        return false;
    }

    /// Whether any lane has come to its end.
    boolean isAnyEnded() {
        for (InboundLane lane : lanes) {
            if (lane.isEnded()) {
                return true;
            }
        }
        return false;
    }

    /// Whether no lane has a sender any more.
    boolean isEverySenderGone() {
        for (InboundLane lane : lanes) {
            if (!lane.isSenderGone()) {
                return false;
            }
        }
        return true;
    }

    /// Lets the lanes go that have come to their end.
    ///
    /// @return whether there was one
    boolean removeEnded() {
        if (!isAnyEnded()) {
            return false; // without a stream, for each wait comes by here
        }
        InboundLane[] ended =
                Arrays.stream(lanes).filter(InboundLane::isEnded).toArray(InboundLane[]::new);
        for (InboundLane lane : ended) {
            holders.laneEnded(lane.socket(), lane.isClosedInOrder());
            if (!lane.isClosedInOrder()) {
                hasLostOne = true;
                lane.recordDeath();
            }
        }
        remove(ended);
        return true;
    }

    /// How many messages wait on all lanes, up to `limit` on each.
    int countWaiting(int limit) {
        return Arrays.stream(lanes).mapToInt(lane -> lane.ring().countWaiting(limit)).sum();
    }

    /// Gives back the space of everything consumed.
    void publish() {
        for (InboundLane lane : lanes) {
            lane.publish();
        }
    }

    /// Adds the sockets of all lanes to `set`, in order; [#drainReady] looks at them again.
    void addTo(PollSet set) {
        for (InboundLane lane : lanes) {
            lane.addTo(set);
        }
        heldUp.addTo(set);
    }

    /// Before a wait, and before [#addTo]: sees to lanes whose sockets would always be ready.
    void holdUp() {
        for (InboundLane lane : lanes) {
            lane.holdUp(heldUp);
        }
    }

    /// Says "asleep" on every lane, then looks once more.
    ///
    /// @return whether sleeping is safe; [#disarm] follows in either case
    boolean arm() {
        boolean isQuiet = true;
        heldUntil = Deadline.NEVER;
        for (InboundLane lane : lanes) {
            lane.publish();
            isQuiet &= (lane.ring().arm() || isHeld(lane)) && !lane.isEnded();
        }
        return isQuiet;
    }

    private boolean isHeld(InboundLane lane) {
        Deadline held = lane.heldUntil();
        if (held == null) {
            return false;
        }
        heldUntil = heldUntil.earlier(held);
        return true;
    }

    /// Says "awake" on every lane.
    void disarm() {
        for (InboundLane lane : lanes) {
            lane.ring().disarm();
        }
    }

    /// Takes what is there off those sockets that a wait has found ready.
    ///
    /// @param firstPlace where [#addTo] began
    /// @param isUntilBell whether one bell of each is enough
    /// @return whether there may be more that nothing else notifies of
    /// @throws Breach if a sender broke the format
    /// @throws PosixException if this process has run out of something; nothing is lost
    boolean drainReady(PollSet set, int firstPlace, boolean isUntilBell) {
        InboundLane[] current = lanes;
        boolean mayBeMore = false;
        heldUp.takeNews(); // first: what comes from here on is told again
        for (int i = 0; i < current.length; i++) {
            if (set.isReady(firstPlace + i)) {
                mayBeMore |= drain(current[i], isUntilBell);
            }
        }
        return mayBeMore;
    }

    private boolean drain(InboundLane lane, boolean isUntilBell) {
        try {
            return lane.drainSocket(isUntilBell);
        } catch (RingViolation | LaneException failure) {
            throw breach(lane, failure);
        } catch (PosixException failure) {
            // Where we have run out of something, what is there stays for the next look. Else a
            // call can only fail on a socket that is not of our make.
            throw failure.isExhaustion() ? failure : breach(lane, failure);
        }
    }

    /// Ends a lane that cannot go on, and gives what to throw: its sender broke the format, unless
    /// it is we who have run out of something.
    RuntimeException breach(InboundLane lane, RuntimeException failure) {
        hasLostOne = true;
        if (failure instanceof LaneException) {
            lane.refuse();
        }
        remove(lane);
        return failure instanceof LaneException ? failure : new Breach(failure, lane.laneId());
    }

    /// Ends all lanes, since one has sent what must not be sent; nobody knows which.
    void endAll() {
        hasLostOne = true;
        try {
            close();
        } finally {
            onGone.run();
        }
    }

    /// Takes lanes out, in their order, and closes them. The turn stays where it is.
    private void remove(InboundLane... gone) {
        boolean isAwaited = !hasRoom();
        InboundLane[] rest = roomFor(lanes.length - gone.length);
        int kept = 0;
        int nextOfRest = 0;
        int taken = 0;
        for (int i = 0; i < lanes.length; i++) {
            if (i == next) {
                nextOfRest = kept;
            }
            if (taken < gone.length && lanes[i] == gone[taken]) {
                isAwaited |= gone[taken].member() != InboundLane.NOBODY;
                taken++;
            } else {
                rest[kept++] = lanes[i];
            }
        }
        lanes = rest;
        next = nextOfRest < kept ? nextOfRest : 0;
        try {
            letGo(gone, End.CLOSE);
        } finally {
            if (isAwaited) {
                onGone.run();
            }
        }
    }

    /// Where the heap has none all lanes end: one that is over cannot stay among the others.
    private InboundLane[] roomFor(int count) {
        try {
            return new InboundLane[count];
        } catch (OutOfMemoryError failure) {
            endAll();
            throw failure;
        }
    }

    /// What another process needs to go on reading these lanes.
    List<Transfer.Lane> exported() {
        List<Transfer.Lane> exported = new ArrayList<>(lanes.length);
        for (InboundLane lane : lanes) {
            exported.add(lane.exported());
        }
        return exported;
    }

    /// Ends every lane.
    void close() {
        letGo(End.CLOSE);
    }

    /// Ends every lane as the end of this process would.
    void lose() {
        letGo(End.LOSE);
    }

    /// Lets go of lanes that another process reads from now on.
    void abandon() {
        letGo(End.ABANDON);
    }

    /// Lets every lane go, each in any case, and then throws what went wrong with the last.
    private void letGo(End end) {
        InboundLane[] former = lanes;
        lanes = NONE;
        next = 0;
        letGo(former, end);
    }

    private static void letGo(InboundLane[] former, End end) {
        Throwable met = null;
        for (InboundLane lane : former) {
            try {
                switch (end) {
                    case CLOSE -> lane.close();
                    case LOSE -> lane.lose();
                    case ABANDON -> lane.abandon();
                }
            } catch (RuntimeException | Error failure) {
                met = failure;
            }
        }
        if (met instanceof Error error) {
            throw error;
        }
        if (met instanceof RuntimeException failure) {
            throw failure;
        }
    }
}
