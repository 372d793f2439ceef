package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.AllSteps;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.Outgoing;
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

/// The receivers of one sender, each with a lane of its own. Each message that goes by the group's
/// [#way] goes to all of them or to none.
///
/// A message takes three steps: room is claimed in every lane; the bytes are copied and the
/// descriptors are sent; then, under the turn's lock, the message is committed in every lane. Only
/// the last step shows anything, and it cannot fail except by a receiver's end. So a timeout, an
/// interrupt or a close before it means that no receiver has the message. Receivers join and leave
/// under the same lock: a receiver that joined before the commit gets the message. Long copies are
/// made without the lock, with the turn: threads that join, leave, or only try to send do not wait
/// for them.
///
/// This class takes that lock for everything about receivers, [GroupWay] takes it for each message
/// and after each wait that has left it, and the threads of the [Backlogs] take it. The locks of
/// the lanes' outboxes are taken inside it, never the other way round. The lock of the counterparts
/// that a sender by name has met is taken outside it.
///
/// Longer than other files: each step from a receiver's joining to the end of all takes the lock
/// here, to be checked as one.
public final class Group {

    /// The rule for a message while there is no receiver.
    public enum Unreceived {
        /// The sender waits for a receiver.
        WAIT,
        /// The message is dropped, and counted.
        DROP,
        /// The message is refused.
        FAIL,
        /// The message waits on this side for the first receiver, if there is room for it, and the
        /// send returns.
        KEEP
    }

    /// The rule for a message and the receivers that have no room for it.
    public enum Slow {
        /// The sender waits until all have room.
        WAIT,
        /// They do not get it, and the send fails with an exception that says so.
        FAIL,
        /// They do not get it.
        DROP_NEWEST,
        /// The message waits on this side; if too many wait, the oldest is dropped.
        DROP_OLDEST,
        /// They are disconnected: they get the messages committed before, and the end.
        DISCONNECT
    }

    private final LaneSettings settings;
    private final String name;
    private final int maxWaiting; // the most messages that may wait for one member
    private final @Nullable SpillPool files; // for long messages; null if each lane has its own

    // The rooms, all used under the lock; GroupWay uses them too.
    final GroupState state;
    final RoomInAll room;
    final UserClaim userClaim;
    final TurnWait turnWait;
    final NoReceiverRule noReceiver;
    final Backlogs backlogs;
    final Numbering numbering;
    final SlowRule slowRule;

    private final Turn turn = new Turn(null, false);
    private int givenUp; // under the lock: waiting messages that giveUp has reported
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

    /// A group with files of its own.
    ///
    /// @param files shared by all lanes; null if a receiver could write to files that others read:
    /// then each lane has its own
    Group(LaneSettings settings, Unreceived unreceived, String name, @Nullable SpillPool files) {
        this(settings, unreceived, name, files, Slow.WAIT, Backlog.MAX_PENDING, null);
    }

    /// A group with files of its own whose messages have numbers.
    Group(LaneSettings settings, Slow slow, SpillPool files) {
        this(settings, Unreceived.KEEP, "", files, slow, Backlog.MAX_PENDING, new AtomicLong());
    }

    /// @param dropped the count of dropped messages; null if the messages have no numbers
    private Group(LaneSettings settings, Unreceived unreceived, String name,
            @Nullable SpillPool files, Slow slow, int maxWaiting, @Nullable AtomicLong dropped) {
        this.settings = settings;
        this.name = name;
        this.files = files;
        this.maxWaiting = slow == Slow.DROP_OLDEST ? maxWaiting : Backlog.MAX_PENDING;
        this.members = new Members(name, dropped == null ? new AtomicLong() : dropped);
        Counters counters = new Counters(Counters.Side.SENDER);
        this.state = new GroupState(turn, members, new Claims(members, counters), counters);
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

    /// A group without receivers whose messages have running numbers. The first eight bytes of each
    /// message are the place of its number. No message is written in place.
    ///
    /// @param settings of its sender
    /// @param slow the rule for a message that some receiver has no room for
    /// @param maxWaiting how many messages may wait for one receiver, with [Slow#DROP_OLDEST]
    /// @param name of the sender, for people
    /// @param dropped the count of dropped messages, to which this group adds
    public static Group numbered(LaneSettings settings, Unreceived unreceived, Slow slow,
            int maxWaiting, String name, AtomicLong dropped) {
        return new Group(settings, unreceived, name, commonFiles(), slow, maxWaiting, dropped);
    }

    /// The way of its messages. Ending the way ends the group, and the reverse.
    public Outgoing way() {
        return way;
    }

    /// A way with another rule for messages without a receiver.
    public Outgoing way(Unreceived unreceived) {
        return new GroupWay(this, unreceived);
    }

    LaneSettings settings() {
        return settings;
    }

    Counters counters() {
        turn.enter();
        try {
            return members.sum(state.counters());
        } finally {
            turn.exit();
        }
    }

    /// The turn whose lock is the lock of this group. The ways of its receivers should be inside of
    /// it: then a message takes one lock, however many receivers there are.
    public Turn turn() {
        return turn;
    }

    /// Runs `action`, on a thread of its own, for each wait that finds no receiver for a while.
    public void whenAlone(Runnable action) {
        turn.enter();
        try {
            noReceiver.whenAlone(action);
        } finally {
            turn.exit();
        }
    }

    /// Runs `action`, on a thread of its own, for each wait for room that takes a while, with the
    /// reason, which may be empty.
    public void whenDelayed(Consumer<String> action) {
        turn.enter();
        try {
            turnWait.whenDelayed(action);
            room.whenDelayed(() -> action.accept(obstacle()));
        } finally {
            turn.exit();
        }
    }

    /// The reason why a message cannot be sent, and the remedy, as the end of a sentence; empty if
    /// there is none any more.
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

    /// Sets the sentence for a receiver without room, with the remedy. It is called without the
    /// lock.
    public void whyFull(Function<Share, String> sentence) {
        whyFull = sentence;
    }

    /// Runs `action`, on a thread of its own without any lock, for each receiver that is dropped
    /// because its lane is over, with the reason. The receiver may still be there. A receiver that
    /// was too slow is dropped with a reason of the kind [LaneException.Kind#CLOSED]; for a
    /// receiver that has left, the action does not run.
    public void onDrop(BiConsumer<Share, LaneException> action) {
        turn.enter();
        try {
            members.onDrop(action);
        } finally {
            turn.exit();
        }
    }

    /// Adds a receiver: from now on it gets each message, and the first receiver gets the messages
    /// that have waited for one.
    ///
    /// @return false if the group has ended; then the caller ends the share
    public boolean join(Share receiver) {
        turn.enter();
        try {
            if (files != null) {
                // First: it may be among the receivers of the next message.
                receiver.useFiles(files);
            }
            boolean isIn = backlogs.join(receiver, maxWaiting);
            turn.wakeAll(); // a thread may wait for a receiver
            return isIn;
        } finally {
            turn.exit();
        }
    }

    /// Removes a receiver: it gets no more messages, and keeps those it has got. Does nothing if it
    /// has left. The receiver sees the end at once, even if another thread has a claim in its lane,
    /// waiting for another receiver or writing in place: that claim can only be given up. Not to be
    /// called by a thread that has a claim open here.
    public void leave(Share receiver, String reason) {
        turn.enter();
        try {
            members.remove(receiver);
            turn.wakeAll(); // a thread may wait for the backlog of that receiver
            // Under the lock: no commit is running. Wakes a thread that waits for the receiver's
            // room.
            receiver.endBeforeClaim(reason);
        } finally {
            turn.exit();
        }
    }

    /// The number of receivers that get a message sent now.
    public int receivers() {
        return members.lanes().length;
    }

    /// The number of dropped messages: those without a receiver, and those that a receiver had no
    /// room for, each counted once for each such receiver.
    public long dropped() {
        return members.dropped();
    }

    /// The number of messages dropped for a present receiver.
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

    /// Takes no more messages. Those that wait on this side, for a receiver or for room, are still
    /// sent, also to receivers that join from now on. [#end] follows, for example after
    /// [#awaitOut].
    ///
    /// @return whether any wait; if not, nothing has happened
    public boolean retire(String reason) {
        turn.enter();
        try {
            if (members.isEnded() || backlogs.isEmpty()) {
                return false;
            }
            members.retire(reason); // only threads of backlogs still wait for room in a lane
            turn.wakeAll();
            return true;
        } finally {
            turn.exit();
        }
    }

    /// Waits until no message waits on this side, or the group has ended.
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

    /// The number of messages kept for the first receiver, and its bound, as the middle of a
    /// sentence; empty if none is kept.
    public String shownPending() {
        turn.enter();
        try {
            return backlogs.shownPending();
        } finally {
            turn.exit();
        }
    }

    /// Counts the messages that wait on this side, because the process ends. They are still sent if
    /// a receiver comes.
    ///
    /// @return the number of messages that earlier calls have not counted, each counted once for
    /// each receiver that is to get it. The caller reports them: the end of this group does not
    /// report them again
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

    /// Ends it, and drops the messages that wait on this side. A claim that another thread has open
    /// can still be committed. Never waits.
    ///
    /// @param reason a sentence for later calls
    public void end(String reason) {
        end(reason, false);
    }

    /// @param isForgotten whether no thread can reach the group any more: its claim ends with it
    void end(String reason, boolean isForgotten) {
        List<GroupLane> last = new ArrayList<>();
        int unsent = 0;
        try {
            unsent = endInside(reason, isForgotten, last);
        } finally { // even after a failure
            AllSteps.take(last, isForgotten ? lane -> lane.way().endForgotten(reason)
                    : lane -> lane.way().end(reason)); // wakes a thread that waits for its room
        }
        if (unsent > 0) {
            Log.warning("messages of a sender that was closed were not received",
                    "name=%s, messages=%d".formatted(name, unsent));
        }
    }

    /// @return the number of messages that waited and that giveUp has not counted
    private int endInside(String reason, boolean isForgotten, List<GroupLane> last) {
        turn.enter();
        try {
            if (members.isOver()) {
                return 0;
            }
            last.addAll(state.claims().lanes()); // a lane that has left may be among them
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
