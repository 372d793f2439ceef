package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.internal.end.Bootstrap;
import dev.ipcchannel.internal.end.EndContext;
import dev.ipcchannel.internal.end.Faults;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.end.PacketLifeline;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.end.Tally;
import dev.ipcchannel.internal.flight.Flight;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RingLayout;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.wait.Turn;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.internal.wire.Transfer;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A process's way into a channel: the writing end of the announcement socket, and one lane, made
/// at the first send.
///
/// Shared by every sender of the process that came from the same one. A message that fits goes in
/// one short critical section; who waits for room or has a claim open has the [Turn] and uses the
/// lane alone. An outbox of one thread works the same way, with a lane of its own and no lock.
///
/// Longer than other files: each verb stands here from its turn to its end, to be checked as one.
public final class Outbox {

    private final EndContext context;
    private final Turn turn;
    private final RoomWait roomWait;
    private final ReceiverWatch receiverWatch = new ReceiverWatch();

    // Used inside the turn's lock, or by whoever has the turn.
    private final OwnLane own;
    private int shares;
    private boolean isClosed;
    private @Nullable Runnable atClose;
    private boolean isKilled; // by a test: its lane ends without a word
    private @Nullable Share claimant; // of the open claim; null where the turn is a send's
    private long claimNumber; // of the open claim; another once that has gone with its sender

    /// Takes the announcement socket over; it is closed with the last share.
    ///
    /// @param turn which all of its senders take
    public Outbox(EndContext context, Turn turn) {
        this.context = context;
        this.turn = turn;
        this.own = new OwnLane(context, this::reader, receiverWatch);
        this.roomWait = new RoomWait(context, turn, own);
        context.tally().open(0); // then comes the first share
    }

    /// An outbox for any thread. Takes the descriptor over; it is closed with the last share.
    ///
    /// @param peer the process that the sender came from, for messages
    public static Outbox shared(Descriptor announcement, LaneSettings settings,
            @Nullable Peer peer) {
        return shared(announcement, settings, peer, new Turn(null, false));
    }

    private static Outbox shared(Descriptor announcement, LaneSettings settings,
            @Nullable Peer peer, Turn turn) {
        return new Outbox(EndContext.of(Tally.Side.SENDER, announcement, settings, peer), turn);
    }

    /// An outbox for the one message of a client to a one-shot server.
    ///
    /// @param serverPid the process of the server
    /// @param server its name
    /// @param isParent whether it is that of the parent
    /// @param connection to the server
    public static Outbox bootstrap(Descriptor announcement, LaneSettings settings, long serverPid,
            String server, boolean isParent, PacketLifeline connection) {
        return shared(announcement, settings,
                new Peer(serverPid, new Bootstrap(server, isParent, connection)));
    }

    /// Leaves the queue of the server, for a client that has no sender after all.
    public void withdraw() {
        Peer server = context.peer();
        Bootstrap bootstrap = server == null ? null : server.bootstrap();
        if (bootstrap != null) {
            bootstrap.connection().drop();
        }
    }

    /// Takes up a sender that another process exported.
    ///
    /// @throws LaneException if it is not what a sender has to be
    public static Outbox importFrom(Transfer transfer, @Nullable Peer peer) {
        return importFrom(transfer, peer, new Turn(null, false));
    }

    /// Takes up a sender that another process exported, to be used inside of another turn, mostly.
    ///
    /// @throws LaneException if it is not what a sender has to be
    public static Outbox importInside(Turn outer, Transfer transfer, Peer peer) {
        return importFrom(transfer, peer, Turn.inside(outer));
    }

    private static Outbox importFrom(Transfer transfer, @Nullable Peer peer, Turn turn) {
        try {
            Transfer.Sender sender = transfer.readSender();
            return shared(sender.announcement(), sender.settings(), peer, turn);
        } catch (RingViolation violation) {
            Flight.violated(Flight.SENDER, 0, peer == null ? 0 : peer.pid(),
                    String.valueOf(violation.getMessage()));
            throw new LaneException(LaneException.Kind.VIOLATION,
                    String.valueOf(violation.getMessage()), violation);
        }
    }

    /// Writes what another process needs to send into this channel. The descriptor in it is the
    /// caller's to close.
    ///
    /// @throws IllegalStateException while a claim of that sender is open
    public void export(Share share, Transfer transfer) {
        turn.enter();
        try {
            share.checkOpen();
            checkNoClaimOf(share);
            context.holders().senderLeaves(); // before anything can come by it
            transfer.write(new Transfer.Sender(settings(), context.announcement().duplicate()));
        } finally {
            turn.exit();
        }
    }

    /// Another outbox into the same channel, for the calling thread alone, with a lane of its own.
    Outbox exclusive(Share share) {
        turn.enter();
        try {
            share.checkOpen();
            Descriptor another = context.announcement().duplicate();
            boolean isMade = false;
            try {
                Outbox outbox = new Outbox(context.with(another, new Tally(Tally.Side.SENDER)),
                        new Turn(Thread.currentThread(), context.faults() != null));
                isMade = true;
                return outbox;
            } finally {
                if (!isMade) {
                    Sockets.leave(another);
                }
            }
        } finally {
            turn.exit();
        }
    }

    /// The process that receives what is sent here, as far as it is known: the one that this came
    /// from, or the one that the receiver has gone to.
    @Nullable
    Peer reader() {
        Peer from = context.peer();
        return from == null ? context.holders().receiver() : from;
    }

    /// The share has gone to another process, and is over here.
    ///
    /// @param to that process, if it is known
    void moved(Share share, String reason, @Nullable Peer to) {
        try {
            context.holders().senderIsAt(to);
        } finally {
            end(share, reason);
        }
    }

    /// How the lanes of this channel are made.
    public LaneSettings settings() {
        return context.settings();
    }

    /// What this process has sent through here.
    Tally tally() {
        return context.tally();
    }

    /// Whether it belongs to one thread.
    boolean isExclusive() {
        return turn.hasOwner();
    }

    /// The first sender of a new outbox, which closes if the heap has no room for one.
    public Share share() {
        turn.enter();
        try {
            return newShare();
        } finally {
            turn.exit();
        }
    }

    private Share newShare() {
        Share share = null;
        boolean isMade = false;
        try {
            share = new Share(this);
            shares++;
            context.tally().ends(shares);
            Faults faults = context.faults();
            if (faults != null) {
                faults.join(this, share);
            }
            isMade = true;
            return share;
        } finally {
            if (!isMade && share != null) {
                endInside(share, "this sender could not be made", false);
            } else if (!isMade) {
                closeIfUnused(); // its first: no end of another closes it
            }
        }
    }

    /// One more sender uses this outbox.
    ///
    /// @throws LaneException if the share of the sender that asks is over
    Share share(Share of) {
        turn.enter();
        try {
            of.checkOpen(); // here, where nobody can close the last one meanwhile
            return newShare();
        } finally {
            turn.exit();
        }
    }

    /// One more sender uses this outbox, if it is open and nothing is known that keeps it from
    /// sending.
    @Nullable
    Share shareIfUsable() {
        turn.enter();
        try {
            return shares > 0 && own.isConnected() ? newShare() : null;
        } finally {
            turn.exit();
        }
    }

    /// Has `action` run when the last share has ended. Before the first one.
    void onClose(Runnable action) {
        atClose = action;
    }

    /// What the channel's announcement socket is to the kernel; null if it will not say.
    Sockets.@Nullable Identity announcementIdentity() {
        return Sockets.identity(context.announcement());
    }

    /// Sends one message if there is room now. Never waits, but for another thread's copy of one.
    ///
    /// @return false if there is no room, or another thread has the turn
    public boolean trySend(Share share, OutgoingMessage message) {
        turn.enter();
        try {
            checkUsable(share, false);
            return turn.isFree() && own.offer(message, Deadline.NOW);
        } finally {
            turn.exit();
        }
    }

    /// Sends one message, waiting for room if need be.
    ///
    /// @return false if the deadline came first; nothing was sent then
    public boolean send(Share share, OutgoingMessage message, Deadline deadline)
            throws InterruptedException {
        turn.enter();
        try {
            return awaitTurn(share, deadline)
                    && (sendAtOnce(message, deadline)
                            || sendInTurn(share, message, deadline));
        } finally {
            turn.exit();
        }
    }

    private boolean sendAtOnce(OutgoingMessage message, Deadline deadline) {
        try {
            return own.offer(message, deadline);
        } catch (LaneException crowded) {
            crowded.throwUnlessCrowd();
            return false;
        }
    }

    private boolean sendInTurn(Share share, OutgoingMessage message, Deadline deadline)
            throws InterruptedException {
        claimant = null;
        turn.take();
        try {
            LaneException crowd = null;
            while (roomWait.await(share, message.length(), message.descriptors().size(),
                    crowd != null, deadline)) {
                try {
                    if (own.offer(message, deadline)) {
                        return true;
                    }
                    crowd = null;
                } catch (LaneException crowded) {
                    crowded.throwUnlessCrowd();
                    crowd = crowded;
                }
            }
            if (crowd != null) {
                throw crowd;
            }
            return false;
        } finally {
            endTurn();
        }
    }

    /// Reserves room for a payload if there is some now; then the caller has the turn until
    /// [#commit] or [#abort].
    ///
    /// @return the payload's index in [#view], or [RingWriter#FULL]
    long tryClaim(Share share, int length, int descriptors) {
        turn.enter();
        try {
            checkUsable(share, false);
            return turn.isFree() ? offerClaim(share, length, descriptors, Deadline.NOW)
                    : RingWriter.FULL;
        } finally {
            turn.exit();
        }
    }

    /// Reserves room for a payload, waiting if need be; then the caller has the turn until
    /// [#commit] or [#abort].
    ///
    /// @return the payload's index in [#view], or [RingWriter#FULL] if the deadline came first
    long claim(Share share, int length, int descriptors, Deadline deadline)
            throws InterruptedException {
        turn.enter();
        try {
            if (!awaitTurn(share, deadline)) {
                return RingWriter.FULL;
            }
            long index = offerClaim(share, length, descriptors, deadline);
            return index != RingWriter.FULL ? index
                    : claimInTurn(share, length, descriptors, deadline);
        } finally {
            turn.exit();
        }
    }

    private long claimInTurn(Share share, int length, int descriptors, Deadline deadline)
            throws InterruptedException {
        claimant = null;
        turn.take();
        long index = RingWriter.FULL;
        try {
            while (index == RingWriter.FULL
                    && roomWait.await(share, length, descriptors, false, deadline)) {
                index = offerClaim(share, length, descriptors, deadline);
            }
            return index;
        } finally {
            if (index == RingWriter.FULL) {
                endTurn();
            }
        }
    }

    /// Waits until there may be room for a message, and claims none. It may return early.
    ///
    /// @return false if the deadline came first
    boolean awaitRoom(Share share, int length, int descriptors, Deadline deadline)
            throws InterruptedException {
        turn.enter();
        try {
            if (!awaitTurn(share, deadline)) {
                return false;
            }
            claimant = null;
            turn.take();
            try {
                return roomWait.await(share, length, descriptors, false, deadline);
            } finally {
                endTurn();
            }
        } finally {
            turn.exit();
        }
    }

    /// Has long messages lie in files that other outboxes have in common with this one.
    void useFiles(SpillPool common) {
        turn.enter();
        try {
            own.useFiles(common);
        } finally {
            turn.exit();
        }
    }

    /// Whether a claim is worth a try: there may be room for a message that needs no file, and is
    /// now for one that does. Lets go of files that the receiver has passed.
    boolean mayClaim(int length, int descriptors) {
        if (length <= RingLayout.maxPayload(settings().capacity())) {
            return true;
        }
        turn.enter();
        try {
            return !turn.isFree() || own.isReady(length, descriptors);
        } finally {
            turn.exit();
        }
    }

    /// Whether what is claimed lies in a file.
    boolean isSpilled() {
        return claimedLane().isSpilled();
    }

    /// The memory for the payload of the open claim: the ring's data, or a file's.
    MemorySegment view() {
        return claimedLane().view();
    }

    /// Sends all that the claimed message takes along, so that its commit cannot fail.
    ///
    /// @throws LaneException if that cannot be sent now; the room is given up
    void sendParts(List<Descriptor> descriptors) {
        boolean isSent = false;
        try {
            own.sendParts(claimedLane(), descriptors);
            isSent = true;
        } finally {
            if (!isSent) {
                abort();
            }
        }
    }

    /// Sends the claimed message.
    void commit() {
        OutboundLane current = claimedLane();
        try {
            if (context.faults() == null) {
                own.commitClaim(current);
            } else {
                commitUnlessKilled(current);
            }
        } finally {
            endClaim();
        }
    }

    /// After a kill nothing is sent any more, as the receiver has been told.
    private void commitUnlessKilled(OutboundLane current) {
        turn.enter();
        try {
            Share share = claimant;
            if (isKilled && share != null) {
                share.checkOpen();
            }
            own.commitClaim(current);
        } finally {
            turn.exit();
        }
    }

    /// Gives the claimed room up.
    void abort() {
        try {
            claimedLane().abort();
        } finally {
            endClaim();
        }
    }

    /// The number of the open claim, for the thread that has it: no two have the same.
    long claimNumber() {
        return claimNumber;
    }

    /// Whether the calling thread has a claim open, and nobody has closed the lane under it.
    boolean isClaimedHere() {
        return turn.isMine() && own.lane() != null;
    }

    /// The marks of this outbox's lane, this side's being the writer's.
    Marks marks(Share share) {
        turn.enter();
        try {
            share.checkOpen();
            return own.marks();
        } finally {
            turn.exit();
        }
    }

    /// Has `action` run, once, on a thread of its own, when the receiver is gone. Not if the share
    /// ends before.
    public void onDisconnect(Share share, Runnable action) {
        turn.enter();
        try {
            share.checkOpen();
            receiverWatch.add(context.announcement(), share::isEnded, action);
        } finally {
            turn.exit();
        }
    }

    /// Whether the receiver has read anything.
    boolean isAnyRead() {
        turn.enter();
        try {
            return own.isAnyRead();
        } finally {
            turn.exit();
        }
    }

    /// Whether the receiver is there, as far as the kernel knows by now.
    public boolean isConnected(Share share) {
        turn.enter();
        try {
            return !share.isEnded() && own.isConnected();
        } finally {
            turn.exit();
        }
    }

    /// The other side and how much it has still to read, for people: nothing that is waited for.
    String describe() {
        String who = describeReader();
        if (!turn.tryEnter()) {
            return who + ", in use";
        }
        try {
            return "%s, unread=%d of %d bytes".formatted(who, own.unread(), settings().capacity());
        } finally {
            turn.exit();
        }
    }

    /// The other side and how much fits into its ring, for people: what it has read by now says
    /// nothing of a moment that has passed.
    String describeRing() {
        return "%s, ring=%d bytes".formatted(describeReader(), settings().capacity());
    }

    private String describeReader() {
        Peer reader = reader();
        return reader == null ? "" : ", pid=" + reader.pid()
                + (reader.program().isEmpty() ? "" : " (" + reader.program() + ")");
    }

    /// Ends one sender's share: whoever waits on its behalf is woken. With the last share the lane
    /// ends in order: at once, or where another thread has a claim open, with that claim. Never
    /// waits.
    ///
    /// @param reason a sentence for whoever uses the sender again
    public void end(Share share, String reason) {
        end(share, reason, false);
    }

    /// Ends one sender's share as [#end] does, where a claim of another thread is not going to be
    /// committed: with the last share the receiver sees the end at once, after what was committed.
    /// The memory goes with that claim.
    void endBeforeClaim(Share share, String reason) {
        turn.enter();
        try {
            if (share.isEnded()) {
                return;
            }
            endInside(share, reason, false);
            OutboundLane current = own.lane();
            if (shares == 0 && current != null && isClaimOpen()) {
                closeBeforeClaim(current);
            }
        } finally {
            turn.exit();
        }
    }

    private void closeBeforeClaim(OutboundLane current) {
        try {
            current.closeBeforeClaim();
        } finally {
            closeAnnouncement(); // who has a claim needs it no more
        }
    }

    /// Ends the share of a sender that nobody can reach any more, an exclusive one's as well. Its
    /// claim is forgotten with it, whichever thread made that.
    void endForgotten(Share share, String reason) {
        turn.disown(); // its one thread cannot be inside
        end(share, reason, true);
    }

    private void end(Share share, String reason, boolean isForgotten) {
        turn.enter();
        try {
            endInside(share, reason, isForgotten);
        } finally {
            turn.exit();
        }
    }

    private void endInside(Share share, String reason, boolean isForgotten) {
        if (!share.setEnded(reason)) {
            return;
        }
        shares--;
        context.tally().ends(shares);
        try {
            wakeThoseOf(share);
            if (isForgotten || turn.isMine()) {
                abortClaimOf(share); // a claim of this very thread goes with its sender
            }
        } finally {
            closeIfUnused(); // whatever failed: no later close comes here
        }
        if (shares == 0 && isClaimOpen()) {
            turn.whenFree(this::closeIfUnused); // a thread that dies with it tells nobody
        }
    }

    private void wakeThoseOf(Share share) {
        try {
            Faults faults = context.faults();
            if (faults != null && shares > 0) {
                faults.leave(share); // the last one with the lane: until then it can be killed
            }
        } finally {
            roomWait.wakeup();
            turn.wakeAll();
        }
    }

    private void abortClaimOf(Share share) {
        OutboundLane current = own.lane();
        if (current != null && claimant == share && isClaimOpen()) {
            current.abort();
            claimNumber++;
            turn.end();
        }
    }

    private boolean isClaimOpen() {
        return claimant != null && !turn.isFree();
    }

    /// Ends one sender's share as the end of its process would, for a test. With the last one the
    /// receiver sees the end, at once; the memory goes with the claim that another thread has open.
    void kill(Share share, String reason) {
        turn.breakIn();
        try {
            isKilled = true;
            endInside(share, reason, false);
            OutboundLane current = own.lane();
            if (shares == 0 && current != null) {
                current.cutOff();
                closeAnnouncement(); // who has the turn needs it no more
            }
        } finally {
            turn.exit();
        }
    }

    /// Looks now whether the receiver is gone.
    void lookAtReceiver() {
        turn.breakIn();
        try {
            OutboundLane current = own.lane();
            if (current != null) {
                current.lookAtReceiver();
            }
        } finally {
            turn.exit();
        }
    }

    /// Has whoever waits for room look again.
    void wakeup() {
        roomWait.wakeup();
    }

    private void endTurn() {
        turn.end();
        closeIfUnused();
    }

    private void closeIfUnused() {
        if (shares > 0 || isClosed || !turn.isFree()) {
            return;
        }
        isClosed = true;
        try {
            closeLane();
        } finally {
            closeRest();
        }
    }

    private void closeRest() {
        try {
            closeAnnouncement();
        } finally {
            context.tally().close();
            if (atClose != null) {
                atClose.run();
            }
        }
    }

    private void closeLane() {
        try {
            Faults faults = context.faults();
            if (faults != null) {
                faults.leaveAll(this);
            }
        } finally {
            own.close(!isKilled);
        }
    }

    private void closeAnnouncement() {
        try {
            receiverWatch.close(context.announcement());
        } finally {
            Sockets.leave(context.announcement()); // others send into the same channel
        }
    }

    private void checkNoClaimOf(Share share) {
        if (claimant == share && isClaimOpen()) {
            throw new IllegalStateException("a claim of this sender is open: commit or close it "
                    + "before the sender is sent");
        }
    }

    private void checkUsable(Share share, boolean mayWait) {
        share.checkOpen();
        if (turn.isMine()) {
            throw new IllegalStateException("this thread has a claim open on this channel: "
                    + "commit or close it first");
        }
        own.check(mayWait);
    }

    private boolean awaitTurn(Share share, Deadline deadline) throws InterruptedException {
        checkUsable(share, true);
        if (turn.isFree()) {
            return true;
        }
        Object block = Flight.blockBegins();
        try {
            boolean isFree = turn.awaitFree(share::isEnded, deadline, context.tally());
            checkUsable(share, true);
            return isFree;
        } finally {
            Flight.blockEnds(block, "turn", own.laneId(), settings().messageType());
        }
    }

    private long offerClaim(Share share, int length, int descriptors, Deadline patience) {
        long index = own.claim(length, descriptors, patience);
        if (index != RingWriter.FULL) {
            turn.take();
            claimant = share;
            claimNumber++;
        }
        return index;
    }

    private OutboundLane claimedLane() {
        OutboundLane current = own.lane();
        if (current == null || !turn.isMine()) {
            throw new IllegalStateException("no claim of this thread is open on this channel");
        }
        return current;
    }

    private void endClaim() {
        turn.enter();
        try {
            endTurn();
        } finally {
            turn.exit();
        }
    }
}
