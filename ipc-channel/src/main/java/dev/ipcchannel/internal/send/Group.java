package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.AllSteps;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.lane.LaneException;
import dev.ipcchannel.internal.lane.LaneSettings;
import dev.ipcchannel.internal.lane.Outgoing;
import dev.ipcchannel.internal.lane.Peer;
import dev.ipcchannel.internal.lane.Share;
import dev.ipcchannel.internal.lane.SpillPool;
import dev.ipcchannel.internal.lane.Tally;
import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.wait.Turn;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
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
/// those that get the message. Long copies are made without it, with the turn: those who join,
/// leave, or only try to send wait for none.
///
/// A thread that waits for room in some lane, or writes a message in place, has the turn, as in an
/// outbox; all others go in for a moment, under the turn's lock. That lock is taken here, and here
/// alone but for the waits that leave it, and for the threads of the [Backlogs]: what a message does
/// inside stands in rooms of its own, the [SlowRule], the [RoomInAll] that it waits for, the
/// [UserClaim] and the [NoReceiverRule]. The
/// locks of the lanes' outboxes are taken inside of it, and never the other way round.
///
/// Longer than other files: each verb of [Outgoing] takes the lock here, to be checked as one.
public final class Group implements Outgoing {

    /// What becomes of a message for which there is no receiver.
    public enum Unreceived {
        /// Its sender waits for a receiver.
        WAIT,
        /// It is dropped, and counted.
        DROP,
        /// It is refused.
        FAIL,
        /// It waits on this side for the first one, where there is room for it, and its sender goes
        /// on.
        KEEP
    }

    /// What becomes of a message for those receivers that have no room for it.
    public enum Slow {
        /// Its sender waits until all have room.
        WAIT,
        /// They do not get it, and its sender hears of that.
        FAIL,
        /// They do not get it.
        DROP_NEWEST,
        /// It waits on this side; where too many wait, the oldest is dropped.
        DROP_OLDEST,
        /// They are let go: they get what was committed before, and are told.
        DISCONNECT
    }

    private final LaneSettings settings;
    private final String name;
    private final Turn turn = new Turn(null, false);
    private final Tally tally = new Tally(Tally.Side.SENDER); // the lanes' own count for the process
    private final Members members = new Members(); // changed under the lock
    private final Claims claims; // these used under the lock
    private final RoomInAll room;
    private final UserClaim userClaim;
    private final NoReceiverRule noReceiver;
    private final Backlogs backlogs;
    private final Numbering numbering;
    private final SlowRule slowRule;
    private final int maxBehind; // messages that may wait for one of the members
    private final @Nullable SpillPool files; // of long messages; null for some of each lane
    private Consumer<String> whenHeldUp = _ -> {}; // under the lock

    /// A group without receivers and without a name.
    ///
    /// @param settings of its sender
    public Group(LaneSettings settings, Unreceived unreceived) {
        this(settings, unreceived, "");
    }

    /// A group without receivers.
    ///
    /// @param settings of its sender
    /// @param name of the sender, for people
    public Group(LaneSettings settings, Unreceived unreceived, String name) {
        this(settings, unreceived, name, commonFiles());
    }

    private static @Nullable SpillPool commonFiles() {
        return SharedMemory.sealsToShow() ? SpillPool.shared() : null;
    }

    /// A group without receivers, each of whose messages has a place for its running number, after
    /// the first eight bytes. None is written in place.
    ///
    /// @param settings of its sender
    /// @param slow what becomes of a message for which some receiver has no room
    /// @param maxBehind how many messages may wait for one of them, with [Slow#DROP_OLDEST]
    /// @param name of the sender, for people
    public static Group numbered(LaneSettings settings, Unreceived unreceived, Slow slow,
            int maxBehind, String name) {
        return new Group(settings, unreceived, name, commonFiles(), slow, maxBehind, true);
    }

    /// The same with files of its own.
    ///
    /// @param files that all lanes have in common; null where a receiver could write to what others
    /// read: then each lane has its own
    Group(LaneSettings settings, Unreceived unreceived, String name, @Nullable SpillPool files) {
        this(settings, unreceived, name, files, Slow.WAIT, Backlog.MAX_PENDING, false);
    }

    private Group(LaneSettings settings, Unreceived unreceived, String name,
            @Nullable SpillPool files, Slow slow, int maxBehind, boolean isNumbered) {
        this.settings = settings;
        this.name = name;
        this.files = files;
        this.maxBehind = slow == Slow.DROP_OLDEST ? maxBehind : Backlog.MAX_PENDING;
        this.claims = new Claims(members, tally);
        this.room = new RoomInAll(turn, members, claims, tally);
        this.userClaim = new UserClaim(turn, claims);
        this.noReceiver = new NoReceiverRule(unreceived, turn, members, tally);
        this.backlogs = new Backlogs(turn, members, tally);
        this.numbering = new Numbering(isNumbered);
        this.slowRule = new SlowRule(slow, turn, members, claims, room, backlogs, numbering,
                tally);
    }

    /// Has `action` run, on a thread of its own, for each wait that finds no receiver for a while.
    public void whenAlone(Runnable action) {
        turn.enter();
        try {
            noReceiver.whenAlone(action);
        } finally {
            turn.exit();
        }
    }

    /// Has `action` run, on a thread of its own, for each wait for room that takes a while, with the
    /// reason, which may be empty.
    public void whenHeldUp(Consumer<String> action) {
        turn.enter();
        try {
            whenHeldUp = action;
            room.whenHeldUp(() -> action.accept(obstacle()));
        } finally {
            turn.exit();
        }
    }

    /// What keeps a message from being sent, and what helps, as the end of a sentence; empty where
    /// nothing does any more.
    public String obstacle() {
        turn.enter();
        try {
            String claim = claimElsewhere();
            return claim.isEmpty() ? room.obstacle() : claim;
        } finally {
            turn.exit();
        }
    }

    /// Inside the lock.
    private String claimElsewhere() {
        return turn.isFree() || !userClaim.isOpen() ? ""
                : "a thread has a claim open: thread=%s: commit or close it"
                        .formatted(turn.holderName());
    }

    /// Has `action` run, on a thread of its own that has no lock, for each receiver that is let go
    /// because its lane is over, with the reason: it may be there yet. One that was too slow is let
    /// go with a reason of the kind [LaneException.Kind#CLOSED], and one that has left without.
    public void onDrop(BiConsumer<Share, LaneException> action) {
        turn.enter();
        try {
            members.onDrop((receiver, reason) -> {
                boolean _ = has(receiver); // waits until it has been let go
                action.accept(receiver, reason);
            });
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
            if (files != null) {
                receiver.useFiles(files); // first: it may be among those of the next message
            }
            GroupLane joined = new GroupLane(receiver, maxBehind);
            boolean isIn = members.add(joined);
            if (isIn) {
                backlogs.handPendingTo(joined);
            }
            turn.wakeAll(); // a thread may wait for a receiver
            return isIn;
        } finally {
            turn.exit();
        }
    }

    /// Lets a receiver go: it gets no message any more, and what it has got stays. Does nothing if
    /// it has gone. It sees the end at once: what another thread has claimed there, for as long as it
    /// waits for another receiver or writes a message in place, is only given up from now on. Not by
    /// a thread that has a claim open here.
    public void leave(Share receiver, String reason) {
        turn.enter();
        try {
            members.remove(receiver);
            // Under the lock: no commit is on its way. Wakes a thread that waits for its room.
            receiver.endBeforeClaim(reason);
        } finally {
            turn.exit();
        }
    }

    /// Whether a receiver is in. Waits for a message that lets one go at this moment.
    public boolean has(Share receiver) {
        turn.enter();
        try {
            return members.has(receiver);
        } finally {
            turn.exit();
        }
    }

    /// How many receivers get a message that is sent now.
    public int receivers() {
        return members.lanes().length;
    }

    /// How many messages were dropped: those that had no receiver, and those for which one had no
    /// room, each counted for each of those.
    public long dropped() {
        return noReceiver.dropped() + members.dropped();
    }

    /// How many messages were dropped for a receiver that is there.
    public long dropped(Share receiver) {
        turn.enter();
        try {
            GroupLane lane = members.of(receiver);
            return lane == null ? 0 : lane.dropped();
        } finally {
            turn.exit();
        }
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
    public @Nullable Peer limiting() {
        int longest = settings.maxMessage();
        Peer limiting = null;
        for (GroupLane lane : members.lanes()) {
            if (lane.way().maxMessage() < longest) {
                longest = lane.way().maxMessage();
                limiting = lane.way().reader();
            }
        }
        return limiting;
    }

    @Override
    public Tally tally() {
        turn.enter();
        try {
            return members.sum(tally);
        } finally {
            turn.exit();
        }
    }

    @Override
    public Offer trySend(byte[] payload, int length, List<Descriptor> descriptors) {
        turn.enter();
        try {
            checkUsable();
            if (!turn.isFree()) {
                return Offer.FULL;
            }
            userClaim.endLeftBehind();
            numbering.write(payload);
            return slowRule.offer(payload, length, descriptors);
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
                room.forgetFullLane();
                numbering.write(payload);
                if (members.isEmpty()) {
                    if (isKept(payload, length, descriptors)) {
                        return true;
                    }
                    if (!noReceiver.await(deadline)) {
                        return isDropped();
                    }
                } else if (slowRule.isSent(payload, length, descriptors)) {
                    return true;
                } else if (members.behind() != null) {
                    if (!isNoneBehindBy(deadline)) {
                        return false;
                    }
                } else if (!members.isEmpty()) {
                    if (!room.prepare(payload, length, descriptors, deadline)) {
                        return false;
                    }
                    if (claims.commit(length)) {
                        numbering.use();
                        return true;
                    }
                }
            }
            return false;
        } finally {
            turn.exit();
        }
    }

    private boolean isNoneBehindBy(Deadline deadline) throws InterruptedException {
        GroupLane behind = members.behind();
        if (behind != null) {
            room.noteFullLane(behind);
        }
        return backlogs.awaitNoneBehind(deadline);
    }

    private boolean isKept(byte[] payload, int length, List<Descriptor> descriptors) {
        boolean isKept = noReceiver.isToBeKept()
                && backlogs.keepPending(payload, length, descriptors);
        if (isKept) {
            numbering.use();
        }
        return isKept;
    }

    private boolean isDropped() {
        boolean isSo = noReceiver.isToBeDropped();
        if (isSo) {
            noReceiver.dropOrRefuse();
        }
        return isSo;
    }

    @Override
    public long tryClaim(int length) {
        checkInPlace();
        turn.enter();
        try {
            checkUsable();
            if (!turn.isFree()) {
                return RingWriter.FULL;
            }
            userClaim.endLeftBehind();
            return !members.isEmpty() && claims.tryAll(length, 0) && !claims.isEmpty()
                    ? userClaim.open(length)
                    : RingWriter.FULL;
        } finally {
            turn.exit();
        }
    }

    /// A message that is going to be dropped is written as well: a receiver may join before the
    /// commit.
    @Override
    public long claim(int length, Deadline deadline) throws InterruptedException {
        checkInPlace();
        turn.enter();
        try {
            while (awaitTurn(deadline)) {
                if (members.isEmpty()) {
                    if (!noReceiver.await(deadline)) {
                        return noReceiver.isToBeDropped() ? userClaim.open(length)
                                : RingWriter.FULL;
                    }
                } else if (!claims.tryAll(length, 0) && !room.claim(length, deadline)) {
                    return RingWriter.FULL;
                } else if (!claims.isEmpty()) {
                    return userClaim.open(length);
                }
            }
            return RingWriter.FULL;
        } finally {
            turn.exit();
        }
    }

    @Override
    public MemorySegment view() {
        userClaim.checkHere();
        return userClaim.view();
    }

    @Override
    public void commit() {
        userClaim.checkHere();
        turn.enter();
        try {
            if (!userClaim.commit()) {
                noReceiver.dropOrRefuse();
            }
        } finally {
            userClaim.end();
            turn.exit();
        }
    }

    @Override
    public void abort() {
        turn.enter();
        try {
            userClaim.end();
        } finally {
            turn.exit();
        }
    }

    @Override
    public long claimNumber() {
        return userClaim.number();
    }

    @Override
    public boolean isClaimedHere() {
        return userClaim.isHere();
    }

    @Override
    public String describe() {
        return ", receivers=%d%s".formatted(receivers(), room.describe());
    }

    @Override
    public boolean isEnded() {
        return members.isEnded();
    }

    @Override
    public void checkOpen() {
        members.checkOpen();
    }

    /// Takes no more messages, while those that wait on this side for a receiver or for room still go
    /// out, also to receivers that join from now on. [#end] follows, after [#awaitOut], say.
    ///
    /// @return whether there are any; if not, nothing has happened
    public boolean retire(String reason) {
        turn.enter();
        try {
            if (members.isEnded() || backlogs.isEmpty()) {
                return false;
            }
            members.retire(reason); // no thread waits for room in a lane: none does with these
            turn.wakeAll();
            return true;
        } finally {
            turn.exit();
        }
    }

    /// Waits until no message waits on this side, or this has ended.
    ///
    /// @return false if the deadline came first
    public boolean awaitOut(Deadline deadline) throws InterruptedException {
        turn.enter();
        try {
            return backlogs.awaitEmpty(deadline);
        } finally {
            turn.exit();
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
        List<GroupLane> last = new ArrayList<>();
        int unsent = 0;
        try {
            unsent = endInside(reason, isForgotten, last);
        } finally { // whatever has failed
            AllSteps.take(last, isForgotten ? lane -> lane.way().endForgotten(reason)
                    : lane -> lane.way().end(reason)); // wakes a thread that waits for its room
        }
        if (unsent > 0) {
            Log.warning("messages of a sender that was closed have had no receiver",
                    "name=%s, messages=%d".formatted(name, unsent));
        }
    }

    /// @return how many messages there were for which there was no receiver
    private int endInside(String reason, boolean isForgotten, List<GroupLane> last) {
        turn.enter();
        try {
            if (members.isOver()) {
                return 0;
            }
            last.addAll(claims.lanes()); // one that has left may be among them
            last.addAll(members.end(reason));
            turn.wakeAll();
            int unsent = backlogs.discard(last);
            noReceiver.drop(unsent);
            userClaim.endWithSender(isForgotten);
            return unsent;
        } finally {
            turn.exit();
        }
    }

    private void checkInPlace() {
        if (numbering.isOn()) {
            throw new UnsupportedOperationException(
                    "a message with a number is not written in place: name=" + name);
        }
    }

    private void checkUsable() {
        checkOpen();
        if (turn.isMine()) {
            throw new IllegalStateException("this thread has a claim open on this sender:"
                    + (name.isEmpty() ? "" : " name=" + name + ":") + " commit or close it first");
        }
    }

    private boolean awaitTurn(Deadline deadline) throws InterruptedException {
        checkUsable();
        if (turn.isFree()) {
            userClaim.endLeftBehind();
            return true;
        }
        boolean isFree = isFreeBy(deadline);
        checkUsable();
        if (isFree) {
            userClaim.endLeftBehind();
        }
        return isFree;
    }

    private boolean isFreeBy(Deadline deadline) throws InterruptedException {
        Deadline first = deadline.earlier(room.longWait());
        boolean isFree = turn.awaitFree(members::isEnded, first, tally);
        if (isFree || deadline.isPast()) {
            return isFree;
        }
        String claim = claimElsewhere();
        if (!claim.isEmpty()) { // else that thread waits for room, and says so
            Consumer<String> action = whenHeldUp;
            Thread.ofVirtual().name("ipc-channel wait").start(() -> action.accept(claim));
        }
        return turn.awaitFree(members::isEnded, deadline, tally);
    }

    @Override
    public String toString() {
        return "Group[receivers=" + receivers() + "]";
    }
}
