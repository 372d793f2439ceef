package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.AllSteps;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.end.Outgoing;
import dev.ipcchannel.internal.end.Tally;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.wait.Turn;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LaneSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The receivers of one sender, each with a lane of its own: each message that goes by the group's
/// [#way] goes to all of them or to none.
///
/// A message takes its receivers in three steps: room is claimed in every lane, the bytes are
/// copied and what goes along is sent, and then, under the turn's lock, the message is committed in
/// every lane. Only the last step shows anything, and it cannot fail but by a receiver's end: so a
/// time that is over, an interrupt and a close before it mean that no receiver has the message.
/// Receivers join and leave under the same lock: one that has joined before the commit is among
/// those that get the message. Long copies are made without it, with the turn: those who join,
/// leave, or only try to send wait for none.
///
/// That lock is taken here for what concerns the receivers, in [GroupWay] for each message, in
/// waits that have left it, and by the threads of the [Backlogs]. The locks of the lanes' outboxes
/// are taken inside of it, and never the other way round; that of the counterparts that a sender by
/// name has met is taken outside of it.
///
/// Longer than other files: each step from a receiver's joining to the end of all takes the lock
/// here, to be checked as one.
public final class Group {

    /// The rule for a message for which there is no receiver.
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

    /// The rule for a message and those receivers that have no room for it.
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
    private final int maxBehind; // messages that may wait for one of the members
    private final @Nullable SpillPool files; // of long messages; null for some of each lane

    // The rooms, all used under the lock; GroupWay has them too.
    final GroupState state;
    final RoomInAll room;
    final UserClaim userClaim;
    final TurnWait turnWait;
    final NoReceiverRule noReceiver;
    final Backlogs backlogs;
    final Numbering numbering;
    final SlowRule slowRule;

    private final Turn turn = new Turn(null, false);
    private int givenUp; // under the lock: messages that wait here, of which that was said
    private final Members members;
    private final Outgoing way;
    private volatile Function<Share, String> whyFull =
            receiver -> "a receiver has no room%s: have it receive".formatted(receiver.describe());

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

    /// The same with files of its own.
    ///
    /// @param files that all lanes have in common; null where a receiver could write to what others
    /// read: then each lane has its own
    Group(LaneSettings settings, Unreceived unreceived, String name, @Nullable SpillPool files) {
        this(settings, unreceived, name, files, Slow.WAIT, Backlog.MAX_PENDING, null);
    }

    /// One whose messages have numbers, with files of its own.
    Group(LaneSettings settings, Slow slow, SpillPool files) {
        this(settings, Unreceived.KEEP, "", files, slow, Backlog.MAX_PENDING, new AtomicLong());
    }

    /// @param dropped the count of messages that are dropped; null where they have no numbers
    /// either
    private Group(LaneSettings settings, Unreceived unreceived, String name,
            @Nullable SpillPool files, Slow slow, int maxBehind, @Nullable AtomicLong dropped) {
        this.settings = settings;
        this.name = name;
        this.files = files;
        this.maxBehind = slow == Slow.DROP_OLDEST ? maxBehind : Backlog.MAX_PENDING;
        this.members = new Members(name, dropped == null ? new AtomicLong() : dropped);
        Tally tally = new Tally(Tally.Side.SENDER);
        this.state = new GroupState(turn, members, new Claims(members, tally), tally);
        this.room = new RoomInAll(state);
        this.userClaim = new UserClaim(turn, state.claims());
        this.turnWait = new TurnWait(name, state, room, userClaim);
        this.noReceiver = new NoReceiverRule(state);
        this.backlogs = new Backlogs(state);
        this.numbering = new Numbering(dropped != null);
        this.slowRule = new SlowRule(slow, state, room, backlogs, numbering);
        this.way = new GroupWay(this, unreceived);
    }

    private static @Nullable SpillPool commonFiles() {
        return SharedMemory.sealsToShow() ? SpillPool.shared() : null;
    }

    /// A group without receivers, each of whose messages has a place for its running number, the
    /// first eight bytes. None is written in place.
    ///
    /// @param settings of its sender
    /// @param slow what becomes of a message for which some receiver has no room
    /// @param maxBehind how many messages may wait for one of them, with [Slow#DROP_OLDEST]
    /// @param name of the sender, for people
    /// @param dropped the count of messages that are dropped, to which those of this group are
    /// added
    public static Group numbered(LaneSettings settings, Unreceived unreceived, Slow slow,
            int maxBehind, String name, AtomicLong dropped) {
        return new Group(settings, unreceived, name, commonFiles(), slow, maxBehind, dropped);
    }

    /// The way of its messages. It ends with the group, and the group with it.
    public Outgoing way() {
        return way;
    }

    /// The same with another rule for messages that have no receiver.
    public Outgoing way(Unreceived unreceived) {
        return new GroupWay(this, unreceived);
    }

    LaneSettings settings() {
        return settings;
    }

    Tally tally() {
        turn.enter();
        try {
            return members.sum(state.tally());
        } finally {
            turn.exit();
        }
    }

    /// The turn whose lock is that of this group. The ways of its receivers are to be inside of it:
    /// then a message takes one lock, however many receivers there are.
    public Turn turn() {
        return turn;
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

    /// Has `action` run, on a thread of its own, for each wait for room that takes a while, with
    /// the reason, which may be empty.
    public void whenHeldUp(Consumer<String> action) {
        turn.enter();
        try {
            turnWait.whenHeldUp(action);
            room.whenHeldUp(() -> action.accept(obstacle()));
        } finally {
            turn.exit();
        }
    }

    /// What keeps a message from being sent, and what helps, as the end of a sentence; empty where
    /// nothing does any more.
    public String obstacle() {
        String claim;
        Share full;
        turn.enter();
        try {
            claim = turnWait.claimElsewhere();
            full = room.fullReceiver();
        } finally {
            turn.exit();
        }
        return !claim.isEmpty() || full == null ? claim : whyFull.apply(full);
    }

    /// Has `sentence` say why a receiver has no room, and what helps. It is asked without the lock.
    public void whyFull(Function<Share, String> sentence) {
        whyFull = sentence;
    }

    /// Has `action` run, on a thread of its own that has no lock, for each receiver that is let go
    /// because its lane is over, with the reason: it may be there yet. One that was too slow is let
    /// go with a reason of the kind [LaneException.Kind#CLOSED], and one that has left without.
    public void onDrop(BiConsumer<Share, LaneException> action) {
        turn.enter();
        try {
            members.onDrop(action);
        } finally {
            turn.exit();
        }
    }

    /// Takes a receiver in: from now on it gets each message, and the first one what has waited for
    /// it.
    ///
    /// @return false if the group has ended; the share is the caller's to end then
    public boolean join(Share receiver) {
        turn.enter();
        try {
            if (files != null) {
                receiver.useFiles(files); // first: it may be among those of the next message
            }
            boolean isIn = backlogs.join(receiver, maxBehind);
            turn.wakeAll(); // a thread may wait for a receiver
            return isIn;
        } finally {
            turn.exit();
        }
    }

    /// Lets a receiver go: it gets no message any more, and what it has got stays. Does nothing if
    /// it has gone. It sees the end at once: what another thread has claimed there, for as long as
    /// it waits for another receiver or writes a message in place, is only given up from now on.
    /// Not by a thread that has a claim open here.
    public void leave(Share receiver, String reason) {
        turn.enter();
        try {
            members.remove(receiver);
            turn.wakeAll(); // a thread may wait for what waits here for that one
            // Under the lock: no commit is on its way. Wakes a thread that waits for its room.
            receiver.endBeforeClaim(reason);
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
        return members.dropped();
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

    /// Whether it takes no more messages.
    public boolean isEnded() {
        return members.isEnded();
    }

    /// Takes no more messages, while those that wait on this side for a receiver or for room still
    /// go out, also to receivers that join from now on. [#end] follows, after [#awaitOut], say.
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

    /// What is kept for the first receiver and how much may be, as a part of a sentence; empty if
    /// nothing is.
    public String shownPending() {
        turn.enter();
        try {
            return backlogs.shownPending();
        } finally {
            turn.exit();
        }
    }

    /// Gives up what waits on this side, as the process ends. It still goes out if a receiver
    /// comes.
    ///
    /// @return how many messages were given up just now, each counted for each receiver that was to
    /// get it, for the caller to say: the end of this group says no more of them
    public int giveUp() {
        turn.enter();
        try {
            int waiting = backlogs.size();
            int more = Math.max(0, waiting - givenUp);
            givenUp = waiting;
            return more;
        } finally {
            turn.exit();
        }
    }

    /// Ends it: what waits on this side is dropped. A claim that another thread has open can still
    /// be committed. Never waits.
    ///
    /// @param reason a sentence for later calls
    public void end(String reason) {
        end(reason, false);
    }

    /// @param isForgotten whether no thread can reach it any more: its claim goes with it
    void end(String reason, boolean isForgotten) {
        List<GroupLane> last = new ArrayList<>();
        int unsent = 0;
        try {
            unsent = endInside(reason, isForgotten, last);
        } finally { // whatever has failed
            AllSteps.take(last, isForgotten ? lane -> lane.way().endForgotten(reason)
                    : lane -> lane.way().end(reason)); // wakes a thread that waits for its room
        }
        if (unsent > 0) {
            Log.warning("messages of a sender that was closed were not received",
                    "name=%s, messages=%d".formatted(name, unsent));
        }
    }

    /// @return how many messages have waited and were not given up before
    private int endInside(String reason, boolean isForgotten, List<GroupLane> last) {
        turn.enter();
        try {
            if (members.isOver()) {
                return 0;
            }
            last.addAll(state.claims().lanes()); // one that has left may be among them
            last.addAll(members.end(reason));
            turn.wakeAll();
            int unsent = backlogs.discard(last) - givenUp;
            userClaim.endWithSender(isForgotten);
            return unsent;
        } finally {
            turn.exit();
        }
    }

    @Override
    public String toString() {
        return "Group[name=%s, receivers=%d]".formatted(name, receivers());
    }
}
