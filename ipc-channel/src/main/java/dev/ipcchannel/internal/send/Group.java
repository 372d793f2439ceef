package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.lane.LaneException;
import dev.ipcchannel.internal.lane.LaneSettings;
import dev.ipcchannel.internal.lane.Outgoing;
import dev.ipcchannel.internal.lane.Peer;
import dev.ipcchannel.internal.lane.Share;
import dev.ipcchannel.internal.lane.Tally;
import dev.ipcchannel.internal.lane.Transfer;
import dev.ipcchannel.internal.lane.Turn;
import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.ring.RingWriter;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The way of one sender to many receivers: each has a lane of its own, and each message goes to
/// all of them or to none.
///
/// A message takes its receivers in three steps: room is claimed in every lane, the bytes are
/// copied and what goes along is sent, and then, under the turn's lock, the message is committed in
/// every lane. Only the last step shows anything, and it cannot fail but by a receiver's end: so a
/// time that is over, an interrupt and a close before it mean that no receiver has the message.
/// Receivers join and leave under the same lock: one that has joined before the commit is among
/// those that get the message.
///
/// While a thread waits for room it has the turn, as in an outbox, and holds its claims in the
/// other lanes, which nothing else uses.
///
/// Longer than other files: each verb stands here from its turn to its end, to be checked as one.
public final class Group implements Outgoing {

    /// What becomes of a message for which there is no receiver.
    public enum Unreceived {
        /// Its sender waits for a receiver.
        WAIT,
        /// It is dropped, and counted.
        DROP,
        /// It is refused.
        FAIL
    }

    private static final Duration PAUSE = Duration.ofMillis(5); // nobody tells when a crowd is over
    private static final Duration ALONE = Duration.ofSeconds(5);
    private static final MemorySegment EMPTY = MemorySegment.ofArray(new byte[0]);

    private final LaneSettings settings;
    private final Unreceived unreceived;
    private final Turn turn = new Turn(null, false);
    private final Tally tally = new Tally(Tally.Side.SENDER); // the lanes' own count for the process
    private final Members members = new Members(); // changed under the lock
    private final Claims claims = new Claims(members); // used under the lock
    private volatile @Nullable String ended;
    private final AtomicLong dropped = new AtomicLong();
    private volatile @Nullable GroupLane fullLane; // waited for last, for people

    private Runnable whenAlone = () -> {}; // under the lock

    // Of the open claim, used by the thread that has the turn.
    private long claimNumber; // another once that has gone with its sender
    private boolean isClaimOpen;
    private int claimLength;
    private @Nullable GroupLane writtenLane; // in which the claim is written; null where it goes to none
    private MemorySegment scratch = EMPTY;

    /// A group without receivers.
    ///
    /// @param settings of its sender
    public Group(LaneSettings settings, Unreceived unreceived) {
        this.settings = settings;
        this.unreceived = unreceived;
    }

    /// Has `action` run, on a thread of its own, for each wait that finds no receiver for a while.
    public void whenAlone(Runnable action) {
        turn.enter();
        try {
            whenAlone = action;
        } finally {
            turn.exit();
        }
    }

    /// Takes a receiver in: from now on it gets each message.
    ///
    /// @return false if the group has ended; the share is the caller's to end then
    public boolean join(Share receiver) {
        turn.enter();
        try {
            if (ended != null) {
                return false;
            }
            members.add(receiver);
            turn.wakeAll(); // a thread may wait for a receiver
            return true;
        } finally {
            turn.exit();
        }
    }

    /// Lets a receiver go: it gets no message any more, and what it has got stays. Does nothing if
    /// it has gone.
    public void leave(Share receiver, String reason) {
        boolean isWithClaim;
        turn.enter();
        try {
            GroupLane left = members.remove(receiver);
            isWithClaim = left != null && turn.isMine() && claims.contains(left);
            if (left != null && isWithClaim) {
                left.endWithClaim(reason); // the claim may be written in its memory
            }
        } finally {
            turn.exit();
        }
        if (!isWithClaim) {
            receiver.end(reason); // wakes a thread that waits for its room
        }
    }

    /// How many receivers get a message that is sent now.
    public int receivers() {
        return members.lanes().length;
    }

    /// How many messages had no receiver and were dropped.
    public long dropped() {
        return dropped.get();
    }

    @Override
    public LaneSettings settings() {
        return settings;
    }

    @Override
    public int maxMessage() {
        int longest = settings.maxMessage();
        for (GroupLane lane : members.lanes()) {
            longest = Math.min(longest, lane.way().maxMessage());
        }
        return longest;
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public @Nullable Peer reader() {
        return null;
    }

    @Override
    public boolean isExclusive() {
        return false;
    }

    @Override
    public boolean takesEnds() {
        return false;
    }

    @Override
    public Offer trySend(byte[] payload, int length, List<Descriptor> descriptors) {
        turn.enter();
        try {
            checkUsable();
            if (!turn.isFree()) {
                return Offer.FULL;
            }
            abortLeftBehind();
            return offer(payload, length, descriptors);
        } finally {
            turn.exit();
        }
    }

    @Override
    public boolean send(byte[] payload, int length, List<Descriptor> descriptors,
            Deadline deadline) throws InterruptedException {
        turn.enter();
        try {
            while (awaitTurn(deadline)) {
                forgetFullLane();
                if (members.isEmpty()) {
                    if (!awaitReceiver(deadline)) {
                        return isDropped();
                    }
                } else if (isSentAtOnce(payload, length, descriptors)) {
                    return true;
                } else if (!members.isEmpty()) {
                    if (!prepareInTurn(payload, length, descriptors, deadline)) {
                        return false;
                    }
                    if (commitClaims(length)) {
                        return true;
                    }
                }
            }
            return false;
        } finally {
            turn.exit();
        }
    }

    /// What an earlier wait was for is no news of this one.
    private void forgetFullLane() {
        if (fullLane != null) { // a look costs less than a store
            fullLane = null;
        }
    }

    private boolean isSentAtOnce(byte[] payload, int length, List<Descriptor> descriptors) {
        try {
            return offer(payload, length, descriptors) == Offer.SENT;
        } catch (LaneException crowded) {
            checkIsCrowd(crowded);
            return false;
        }
    }

    /// Too many descriptors on their way is something that a send waits out.
    private static void checkIsCrowd(LaneException failure) {
        if (failure.kind() != LaneException.Kind.CROWDED) {
            throw failure;
        }
    }

    /// Sends a message if each lane has room. Under the lock, with the turn free.
    private Offer offer(byte[] payload, int length, List<Descriptor> descriptors) {
        while (members.lanes().length == 1) { // the usual case needs no claim
            GroupLane only = members.lanes()[0];
            only.checkFits(length);
            try {
                Offer offer = only.way().trySend(payload, length, descriptors);
                if (offer == Offer.SENT) {
                    boolean _ = tally.message(length);
                }
                return offer;
            } catch (LaneException failure) {
                members.dropIfOver(only, failure);
            }
        }
        if (members.isEmpty()) {
            return Offer.NO_RECEIVER;
        }
        if (!claims.tryAll(length, descriptors.size())) {
            return Offer.FULL;
        }
        prepareClaims(payload, length, descriptors);
        return commitClaims(length) ? Offer.SENT : Offer.NO_RECEIVER;
    }

    /// Does all but the commit. If it cannot be done, nothing is claimed any more.
    private void prepareClaims(byte[] payload, int length, List<Descriptor> descriptors) {
        boolean isReady = false;
        try {
            claims.copyIn(payload, length);
            claims.sendParts(descriptors);
            isReady = true;
        } finally {
            if (!isReady) {
                claims.abort();
            }
        }
    }

    /// @return false if no receiver is left
    private boolean commitClaims(int length) {
        boolean isSent = claims.commit();
        if (isSent) {
            boolean _ = tally.message(length);
        }
        return isSent;
    }

    /// Takes the turn and does all but the commit, waiting where need be. Under the lock, which it
    /// leaves while it waits.
    ///
    /// @return false if the deadline came first; nothing is claimed then. The turn is free in any
    /// case
    private boolean prepareInTurn(byte[] payload, int length, List<Descriptor> descriptors,
            Deadline deadline) throws InterruptedException {
        turn.take();
        boolean isReady = false;
        try {
            while (true) {
                try {
                    if (!awaitClaims(length, descriptors.size(), deadline)) {
                        return false;
                    }
                    claims.copyIn(payload, length);
                    claims.sendParts(descriptors);
                    isReady = true;
                    return true;
                } catch (LaneException crowded) {
                    awaitOthers(crowded, deadline);
                }
            }
        } finally {
            endWait(isReady);
        }
    }

    /// Waits a moment for other processes to receive what is on its way to them: what is claimed
    /// stays claimed, and what was sent stays sent.
    private void awaitOthers(LaneException crowded, Deadline deadline)
            throws InterruptedException {
        checkIsCrowd(crowded);
        if (deadline.isPast()) {
            throw crowded;
        }
        Deadline pause = deadline.earlier(Deadline.after(PAUSE));
        boolean _ = turn.await(this::isEnded, pause, tally);
        checkOpen();
    }

    /// Takes the turn and waits until each lane has given room. Under the lock, which it leaves
    /// while it waits.
    ///
    /// @return false if the deadline came first; nothing is claimed then. The turn is free in any
    /// case
    private boolean claimInTurn(int length, Deadline deadline) throws InterruptedException {
        turn.take();
        boolean isClaimed = false;
        try {
            isClaimed = awaitClaims(length, 0, deadline);
            return isClaimed;
        } finally {
            endWait(isClaimed);
        }
    }

    private void endWait(boolean isWell) {
        try {
            if (isWell) {
                fullLane = null;
            } else {
                claims.abort();
            }
        } finally {
            turn.end();
        }
    }

    /// Waits until each lane has given room, also those that have joined meanwhile. In turn.
    ///
    /// @return false if the deadline came first
    private boolean awaitClaims(int length, int descriptors, Deadline deadline)
            throws InterruptedException {
        do {
            for (GroupLane lane : members.lanes()) {
                if (!lane.isClaimed() && !awaitClaim(lane, length, descriptors, deadline)) {
                    return false;
                }
                checkOpen();
            }
        } while (!claims.areAll());
        claims.abortLeft();
        return true;
    }

    /// Waits for room in one lane, or its end.
    private boolean awaitClaim(GroupLane lane, int length, int descriptors, Deadline deadline)
            throws InterruptedException {
        fullLane = lane;
        LaneException over = null;
        boolean isThere = true;
        turn.exit(); // having the turn keeps all others off the claims
        try {
            isThere = lane.claim(length, descriptors, deadline);
        } catch (LaneException failure) {
            over = failure;
        } finally {
            turn.enter();
        }
        if (lane.isClaimed()) {
            claims.add(lane);
        }
        if (over != null) {
            checkOpen(); // first: its end may be that of all
            members.dropIfOver(lane, over);
        }
        return isThere;
    }

    @Override
    public long tryClaim(int length) {
        turn.enter();
        try {
            checkUsable();
            if (!turn.isFree()) {
                return RingWriter.FULL;
            }
            abortLeftBehind();
            return !members.isEmpty() && claims.tryAll(length, 0) && !claims.isEmpty()
                    ? opened(length)
                    : RingWriter.FULL;
        } finally {
            turn.exit();
        }
    }

    @Override
    public long claim(int length, Deadline deadline) throws InterruptedException {
        turn.enter();
        try {
            while (awaitTurn(deadline)) {
                if (members.isEmpty()) {
                    if (!awaitReceiver(deadline)) {
                        return openedForNone(length);
                    }
                } else if (!claims.tryAll(length, 0) && !claimInTurn(length, deadline)) {
                    return RingWriter.FULL;
                } else if (!claims.isEmpty()) {
                    return opened(length);
                }
            }
            return RingWriter.FULL;
        } finally {
            turn.exit();
        }
    }

    /// The caller has the turn until it commits or aborts. It writes into the first lane.
    private long opened(int length) {
        GroupLane first = claims.first();
        take(length, first, EMPTY);
        return first.index();
    }

    /// A message that is going to be dropped is written as well, to memory of no lane: a receiver
    /// may join before the commit.
    private long openedForNone(int length) {
        return switch (unreceived) {
            case WAIT -> RingWriter.FULL; // after the deadline
            case DROP -> {
                take(length, null, MemorySegment.ofArray(new byte[length]));
                yield 0;
            }
            case FAIL -> throw noReceiver();
        };
    }

    private void take(int length, @Nullable GroupLane written, MemorySegment ownMemory) {
        turn.take();
        isClaimOpen = true;
        claimNumber++;
        claimLength = length;
        writtenLane = written;
        scratch = ownMemory;
    }

    @Override
    public MemorySegment view() {
        checkClaimed();
        GroupLane written = writtenLane;
        return written == null ? scratch : written.way().view();
    }

    /// A receiver that has joined since the claim was opened gets the message too. A commit does
    /// not wait, and that one's lane is new: if there is no room in it at once, nothing is sent.
    @Override
    public void commit() {
        checkClaimed();
        turn.enter();
        try {
            if (!commitCopies()) {
                dropOrRefuse();
            }
        } finally {
            endClaim();
            turn.exit();
        }
    }

    private boolean commitCopies() {
        GroupLane written = writtenLane;
        MemorySegment from = view();
        long index = written == null ? 0 : written.index();
        if (!claims.tryAll(claimLength, 0)) {
            throw new LaneException(LaneException.Kind.EXHAUSTED, "a receiver that has joined since"
                    + " the claim was opened has no room at once, and nothing was sent: send again");
        }
        claims.copyIn(from, index, claimLength, written);
        claims.abortLeft(); // after the copy, which may be from there
        claims.sendParts(List.of());
        return commitClaims(claimLength);
    }

    @Override
    public void abort() {
        turn.enter();
        try {
            endClaim();
        } finally {
            turn.exit();
        }
    }

    private void endClaim() {
        try {
            claims.abort();
        } finally {
            isClaimOpen = false;
            writtenLane = null;
            scratch = EMPTY;
            turn.end();
        }
    }

    @Override
    public long claimNumber() {
        return claimNumber;
    }

    @Override
    public boolean isClaimedHere() {
        return turn.isMine() && isClaimOpen;
    }

    @Override
    public void checkClaimed() {
        if (!isClaimedHere()) {
            throw new IllegalStateException("no claim of this thread is open on this sender");
        }
    }

    @Override
    public Outgoing share() {
        throw staysHere();
    }

    @Override
    public Outgoing exclusive() {
        throw staysHere();
    }

    @Override
    public void export(Transfer transfer) {
        throw staysHere();
    }

    @Override
    public void moved(String reason, @Nullable Peer to) {
        throw staysHere();
    }

    private static IllegalStateException staysHere() {
        return new IllegalStateException(
                "a sender by name stays where it was opened: open another");
    }

    @Override
    public boolean isConnected() {
        return !members.isEmpty();
    }

    @Override
    public void onDisconnect(Runnable action) {
        throw new IllegalStateException("a sender by name outlives its receivers: use onLeave");
    }

    @Override
    public String describe() {
        GroupLane full = fullLane;
        return ", receivers=%d%s".formatted(receivers(),
                full == null ? "" : ", waited for the one with" + full.way().describe());
    }

    @Override
    public boolean isEnded() {
        return ended != null;
    }

    @Override
    public void checkOpen() {
        String reason = ended;
        if (reason != null) {
            throw new LaneException(LaneException.Kind.CLOSED, reason);
        }
    }

    /// A claim that another thread has open can still be committed.
    @Override
    public void end(String reason) {
        end(reason, false);
    }

    @Override
    public void endForgotten(String reason) {
        end(reason, true);
    }

    private void end(String reason, boolean isForgotten) {
        List<GroupLane> last;
        turn.enter();
        try {
            if (ended != null) {
                return;
            }
            ended = reason;
            last = new ArrayList<>(claims.lanes()); // one that has left may be among them
            last.addAll(members.removeAll());
            if (isClaimOpen && (isForgotten || turn.isMine())) {
                if (isForgotten) {
                    claims.forget(); // whichever thread made them
                }
                endClaim();
                claimNumber++;
            }
            turn.wakeAll();
        } finally {
            turn.exit();
        }
        endAll(last, isForgotten ? lane -> lane.way().endForgotten(reason)
                : lane -> lane.way().end(reason)); // wakes a thread that waits for its room
    }

    /// Whatever fails for one, the others end.
    private static void endAll(List<GroupLane> lanes, Consumer<GroupLane> ending) {
        RuntimeException first = null;
        for (GroupLane lane : lanes) {
            try {
                ending.accept(lane);
            } catch (RuntimeException failure) {
                first = first == null ? failure : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private void checkUsable() {
        checkOpen();
        if (turn.isMine()) {
            throw new IllegalStateException("this thread has a claim open on this sender: commit or"
                    + " close it first");
        }
    }

    private boolean awaitTurn(Deadline deadline) throws InterruptedException {
        checkUsable();
        if (turn.isFree()) {
            abortLeftBehind();
            return true;
        }
        boolean isFree = turn.awaitFree(this, deadline, tally);
        checkUsable();
        if (isFree) {
            abortLeftBehind();
        }
        return isFree;
    }

    /// A thread that dies with a claim leaves it open. Each lane gives its room to the next claim
    /// there.
    private void abortLeftBehind() {
        if (isClaimOpen) {
            claims.forget();
            endClaim();
        }
    }

    /// Waits for a receiver, if that is the rule. Under the lock, which it leaves while it waits:
    /// another thread may have the turn then.
    ///
    /// @return false if there is none: the deadline came first, or none is waited for
    private boolean awaitReceiver(Deadline deadline) throws InterruptedException {
        if (unreceived != Unreceived.WAIT) {
            return false;
        }
        boolean isThere = isReceiverThere(deadline.earlier(Deadline.after(ALONE)));
        if (!isThere && !deadline.isPast()) {
            Thread.ofVirtual().name("ipc-channel wait").start(whenAlone); // not under the lock
            isThere = isReceiverThere(deadline);
        }
        checkOpen();
        return isThere;
    }

    private boolean isReceiverThere(Deadline deadline) throws InterruptedException {
        return turn.await(() -> !members.isEmpty() || isEnded(), deadline, tally);
    }

    /// What becomes of a message without a receiver, after the wait for one.
    private boolean isDropped() {
        if (unreceived == Unreceived.WAIT) {
            return false;
        }
        dropOrRefuse();
        return true;
    }

    private void dropOrRefuse() {
        if (unreceived != Unreceived.DROP) {
            throw noReceiver();
        }
        long _ = dropped.incrementAndGet();
    }

    private static LaneException noReceiver() {
        return new LaneException(LaneException.Kind.NO_RECEIVER,
                "there is no receiver, and nothing was sent: open one, or wait for it");
    }

    @Override
    public String toString() {
        return "Group[receivers=" + receivers() + "]";
    }
}
