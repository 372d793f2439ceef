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

    /// The most senders with a lane of their own at once; more are turned away. Each takes two
    /// descriptors here, and all have to fit into the message by which a receiver moves.
    static final int MAX_LANES = 4096;

    /// The ways in which a lane ends here; no lambdas, because the heap may be exhausted then.
    private enum End {
        CLOSE, LOSE, ABANDON
    }

    static {
        // Loaded now: without a free descriptor it could not be loaded from a folder later.
        End _ = End.CLOSE;
    }

    private static final InboundLane[] NONE = {};

    private final int limit;
    private final Runnable onGone;
    private final EndHolders holders;
    private InboundLane[] lanes = NONE;
    private int next;
    private boolean hasLostOne;
    // The time of a message that a test holds back, as arm found it.
    private Deadline heldUntil = Deadline.NEVER;
    private final BlockedLanes blockedLanes = new BlockedLanes();
    private @Nullable Membership membership; // that every lane is registered with

    /// @param limit of lanes
    /// @param onGone runs when a lane has gone from a full set, or when a lane of a member of a
    /// name has gone, because another lane may wait for that
    /// @param holders are notified of the ends of lanes
    LaneSet(int limit, Runnable onGone, EndHolders holders) {
        this.holders = holders;
        this.limit = limit;
        this.onGone = onGone;
    }

    int count() {
        return lanes.length;
    }

    /// Whether no more lanes can be taken up, after the ended ones were removed.
    boolean isFull() {
        return lanes.length >= limit && !removeEnded();
    }

    /// Whether there is room for one more lane, without a look at the present ones.
    boolean hasRoom() {
        return lanes.length < limit;
    }

    /// Whether there is a lane of this member of a name.
    boolean hasOf(long member) {
        for (InboundLane lane : lanes) {
            if (lane.member() == member) {
                return true;
            }
        }
        return false;
    }

    /// The most lanes that there can be.
    int limit() {
        return limit;
    }

    /// Whether there is a lane whose sender is gone, which ends once it is read.
    boolean isAnySenderGone() {
        for (InboundLane lane : lanes) {
            if (lane.isSenderGone()) {
                return true;
            }
        }
        return false;
    }

    /// Adds a lane, and takes it over even if this method fails.
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
            lane.close(); // no event would notify of the lane's messages
            throw failure;
        }
    }

    /// Registers the present and later lanes with a set.
    void join(Membership joined) {
        membership = joined;
        for (InboundLane lane : lanes) {
            lane.join(joined);
        }
        blockedLanes.join(joined);
    }

    /// Removes them from the set.
    void leave() {
        membership = null;
        for (InboundLane lane : lanes) {
            lane.leave();
        }
        blockedLanes.join(null);
    }

    /// Makes the watcher notify of bells, or only of ends.
    void watchBells(boolean isWanted) {
        for (InboundLane lane : lanes) {
            lane.watchBells(isWanted);
        }
    }

    /// Whether a lane has ended without a close word: its process died, or it broke the format.
    boolean hasLostOne() {
        return hasLostOne;
    }

    /// Sets what a former owner of these lanes knew.
    void setHasLostOne(boolean isSo) {
        hasLostOne = isSo;
    }

    /// The next lane with a message, found and checked; null if there is none. An ended lane on the
    /// way is removed: the others do not take turns with it.
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
            // First the test that needs no shared memory.
            if (lane.isSocketOver() && lane.isEnded()) {
                removeEnded();
                left = Math.min(left, lanes.length + 1);
            }
        }
        return null;
    }

    /// Leaves the lane's found message in place: the next [#poll] begins there.
    void putBackAt(InboundLane lane) {
        for (int i = 0; i < lanes.length; i++) {
            if (lanes[i] == lane) {
                next = i;
            }
        }
    }

    /// Whether any lane has a record: a first look without checks.
    boolean isAnyReady() {
        for (InboundLane lane : lanes) {
            if (!lane.ring().isEmpty() && lane.heldUntil() == null) {
                return true;
            }
        }
        return false;
    }

    /// Whether a test delays a message.
    boolean isAnyHeld() {
        for (InboundLane lane : lanes) {
            if (lane.heldUntil() != null) {
                return true;
            }
        }
        return false;
    }

    /// The deadline, or an earlier time until which a test delays a message, as [#arm] has found
    /// it. A look now would miss a message whose time has come since then.
    Deadline untilFree(Deadline deadline) {
        return deadline.earlier(heldUntil);
    }

    /// Whether a writer sleeps for lack of room.
    boolean isAnyWriterAsleep() {
        for (InboundLane lane : lanes) {
            if (lane.ring().isWriterAsleep()) {
                return true;
            }
        }
        return false;
    }

    /// Whether any lane has ended.
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

    /// Removes the lanes that have ended.
    ///
    /// @return whether there was one
    boolean removeEnded() {
        if (!isAnyEnded()) {
            return false; // without a stream, because each wait calls this
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

    /// The number of messages that wait on all lanes, up to `limit` on each.
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
        blockedLanes.addTo(set);
    }

    /// Before a wait, and before [#addTo]: handles lanes whose sockets would always be ready.
    void addBlocked() {
        for (InboundLane lane : lanes) {
            lane.addIfBlocked(blockedLanes);
        }
    }

    /// Announces "asleep" on every lane, then looks once more.
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

    /// Announces "awake" on every lane.
    void disarm() {
        for (InboundLane lane : lanes) {
            lane.ring().disarm();
        }
    }

    /// Takes the packets off those sockets that a wait has found ready.
    ///
    /// @param firstPlace where [#addTo] began
    /// @param isUntilBell whether one bell of each socket is enough
    /// @return whether there may be more, of which no event will notify
    /// @throws Breach if a sender broke the format
    /// @throws PosixException if this process has run out of a resource; nothing is lost
    boolean drainReady(PollSet set, int firstPlace, boolean isUntilBell) {
        InboundLane[] current = lanes;
        boolean mayBeMore = false;
        blockedLanes.takeEvents(); // first: later arrivals are reported again
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
            // After a lack of a resource, the packets stay for the next look. Otherwise the call
            // can only fail on a socket that is not of this library.
            throw failure.isExhaustion() ? failure : breach(lane, failure);
        }
    }

    /// Ends a lane that cannot go on, and gives the exception: its sender broke the format, unless
    /// this process has run out of a resource.
    RuntimeException breach(InboundLane lane, RuntimeException failure) {
        hasLostOne = true;
        if (failure instanceof LaneException) {
            lane.refuse();
        }
        remove(lane);
        return failure instanceof LaneException ? failure : new Breach(failure, lane.laneId());
    }

    /// Ends all lanes, because one of them, not known which, has sent what must not be sent.
    void endAll() {
        hasLostOne = true;
        try {
            close();
        } finally {
            onGone.run();
        }
    }

    /// Removes lanes, given in their order, and closes them. The turn of the other lanes is kept.
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
                isAwaited |= gone[taken].member() != InboundLane.NO_MEMBER;
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

    /// Makes an array. If there is no memory, all lanes end: an ended one cannot remain among the
    /// others.
    private InboundLane[] roomFor(int count) {
        try {
            return new InboundLane[count];
        } catch (OutOfMemoryError failure) {
            endAll();
            throw failure;
        }
    }

    /// The state that another process needs to go on reading these lanes.
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

    /// Abandons lanes that another process reads from now on.
    void abandon() {
        letGo(End.ABANDON);
    }

    /// Ends every lane, whatever fails, and then throws the last failure.
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
