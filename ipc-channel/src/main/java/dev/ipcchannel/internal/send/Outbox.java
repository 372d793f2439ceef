package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.internal.end.Bootstrap;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.EndContext;
import dev.ipcchannel.internal.end.Faults;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.end.PacketLifeline;
import dev.ipcchannel.internal.end.Peer;
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
/// by the first send.
///
/// Shared by all senders of the process that were made from the same sender. A message that fits
/// takes one short critical section. A thread that waits for room or has a claim open has the
/// [Turn], and uses the lane alone. An outbox of one thread works the same way, with a lane of its
/// own and no lock.
///
/// Longer than other files: each verb is here from its turn to its end, to be checked as one.
public final class Outbox {

    private final EndContext context;
    private final Turn turn;
    private final RoomWait roomWait;
    private final ReceiverWatch receiverWatch = new ReceiverWatch();

    // Used inside the turn's lock, or by the thread that has the turn.
    private final LazyLane own;
    private int shares;
    private boolean isClosed;
    private @Nullable Runnable atClose;
    private boolean isKilled; // by a test: its lane ends without a close word
    private @Nullable Share claimant; // of the open claim; null if the turn belongs to a send
    private long claimNumber; // of the open claim; changes when that claim ends with its sender

    /// Takes the announcement socket over; it is closed with the last share.
    ///
    /// @param turn that all its senders take
    public Outbox(EndContext context, Turn turn) {
        this.context = context;
        this.turn = turn;
        this.own = new LazyLane(context, this::reader, receiverWatch);
        this.roomWait = new RoomWait(context, turn, own);
        context.counters().open(0); // the first share comes after this
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
        return new Outbox(EndContext.of(Counters.Side.SENDER, announcement, settings, peer), turn);
    }

    /// An outbox for the one message of a client to a one-shot server.
    ///
    /// @param serverPid the process of the server
    /// @param server the server's name
    /// @param isParent whether the server is the parent
    /// @param connection to the server
    public static Outbox bootstrap(Descriptor announcement, LaneSettings settings, long serverPid,
            String server, boolean isParent, PacketLifeline connection) {
        return shared(announcement, settings,
                new Peer(serverPid, new Bootstrap(server, isParent, connection)));
    }

    /// Leaves the queue of the server, for a client that gets no sender after all.
    public void withdraw() {
        Peer server = context.peer();
        Bootstrap bootstrap = server == null ? null : server.bootstrap();
        if (bootstrap != null) {
            bootstrap.connection().drop();
        }
    }

    /// Imports a sender that another process exported.
    ///
    /// @throws LaneException if it does not have the form of a sender
    public static Outbox importFrom(Transfer transfer, @Nullable Peer peer) {
        return importFrom(transfer, peer, new Turn(null, false));
    }

    /// Imports a sender that another process exported. Most uses of it are inside of another turn.
    ///
    /// @throws LaneException if it does not have the form of a sender
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

    /// Writes what another process needs to send into this channel. The caller closes the
    /// descriptor in it.
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

    /// Makes another outbox into the same channel, for the calling thread alone, with its own lane.
    Outbox exclusive(Share share) {
        turn.enter();
        try {
            share.checkOpen();
            Descriptor another = context.announcement().duplicate();
            boolean isMade = false;
            try {
                Outbox outbox =
                        new Outbox(context.with(another, new Counters(Counters.Side.SENDER)),
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

    /// The receiving process, as far as it is known: the process that this sender came from, or the
    /// process that has the receiver now.
    @Nullable
    Peer reader() {
        Peer from = context.peer();
        return from == null ? context.holders().receiver() : from;
    }

    /// Ends a share that has moved to another process.
    ///
    /// @param to that process, if it is known
    void moved(Share share, String reason, @Nullable Peer to) {
        try {
            context.holders().senderIsAt(to);
        } finally {
            end(share, reason);
        }
    }

    /// The settings of this channel's lanes.
    public LaneSettings settings() {
        return context.settings();
    }

    /// The counters of what this process has sent through here.
    Counters counters() {
        return context.counters();
    }

    /// Whether it belongs to one thread.
    boolean isExclusive() {
        return turn.hasOwner();
    }

    /// Makes the first share of a new outbox, which closes if there is no memory for the share.
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
            context.counters().ends(shares);
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
                closeIfUnused(); // the first share: no end of another share closes the outbox
            }
        }
    }

    /// Makes one more share.
    ///
    /// @throws LaneException if the share `of` is over
    Share share(Share of) {
        turn.enter();
        try {
            of.checkOpen(); // under the lock, so that no thread closes the last share meanwhile
            return newShare();
        } finally {
            turn.exit();
        }
    }

    /// Makes one more share, if the outbox is open and no known failure keeps it from sending; else
    /// null.
    @Nullable
    Share shareIfUsable() {
        turn.enter();
        try {
            return shares > 0 && own.isConnected() ? newShare() : null;
        } finally {
            turn.exit();
        }
    }

    /// Runs `action` when the last share has ended. Called before the first share.
    void onClose(Runnable action) {
        atClose = action;
    }

    /// The kernel's identity of the channel's announcement socket; null if the kernel does not give
    /// it.
    Sockets.@Nullable Identity announcementIdentity() {
        return Sockets.identity(context.announcement());
    }

    /// Sends one message if there is room now. Waits only while another thread copies a message.
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

    /// Waits until there may be room for a message, without a claim. It may return early.
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

    /// Uses files for long messages that other outboxes share.
    void useFiles(SpillPool common) {
        turn.enter();
        try {
            own.useFiles(common);
        } finally {
            turn.exit();
        }
    }

    /// Whether a claim is worth a try: always for a message that needs no file; for another one, if
    /// there is room now. Releases files that the receiver has passed.
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

    /// Whether the claimed payload lies in a file.
    boolean isSpilled() {
        return claimedLane().isSpilled();
    }

    /// The memory for the payload of the open claim: the ring's data, or a file's.
    MemorySegment view() {
        return claimedLane().view();
    }

    /// Sends the descriptors of the claimed message, so that its commit cannot fail.
    ///
    /// @throws LaneException if they cannot be sent now; the room is given up
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

    /// After a kill nothing is sent any more, because the receiver has seen the end.
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

    /// Whether the calling thread has a claim open, on a lane that no other thread has closed.
    boolean isClaimedHere() {
        return turn.isMine() && own.lane() != null;
    }

    /// The marks of this outbox's lane, as its writer sees them.
    Marks marks(Share share) {
        turn.enter();
        try {
            share.checkOpen();
            return own.marks();
        } finally {
            turn.exit();
        }
    }

    /// Runs `action` once, on a thread of its own, when the receiver is gone. Does not run it if
    /// the share ends before.
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

    /// A line for people about the other side and its unread bytes. Never waits.
    String describe() {
        String reader = describeReader();
        if (!turn.tryEnter()) {
            return reader + ", in use";
        }
        try {
            return "%s, unread=%d of %d bytes".formatted(reader, own.unread(),
                    settings().capacity());
        } finally {
            turn.exit();
        }
    }

    /// A line for people about the other side and the capacity of its ring. It leaves out the
    /// unread bytes, which say nothing of a moment that has passed.
    String describeRing() {
        return "%s, ring=%d bytes".formatted(describeReader(), settings().capacity());
    }

    private String describeReader() {
        Peer reader = reader();
        return reader == null ? "" : ", pid=" + reader.pid()
                + (reader.program().isEmpty() ? "" : " (" + reader.program() + ")");
    }

    /// Ends one sender's share, and wakes the threads that wait on its behalf. With the last share
    /// the lane ends in order: at once, or, if another thread has a claim open, with that claim.
    /// Never waits.
    ///
    /// @param reason a sentence for later calls on the sender
    public void end(Share share, String reason) {
        end(share, reason, false);
    }

    /// Ends one sender's share as [#end] does, if a claim of another thread is never going to be
    /// committed: with the last share the receiver sees the end at once, after the committed
    /// messages. The memory stays until that claim ends.
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
            closeAnnouncement(); // the thread with the claim no longer needs it
        }
    }

    /// Ends the share of a sender that no thread can reach any more, also of an exclusive one. The
    /// outbox's claim is forgotten as well, whichever thread made it.
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
        context.counters().ends(shares);
        try {
            wakeThoseOf(share);
            if (isForgotten || turn.isMine()) {
                abortClaimOf(share); // a claim of this thread ends with its sender
            }
        } finally {
            closeIfUnused(); // also after a failure: no later close comes here
        }
        if (shares == 0 && isClaimOpen()) {
            turn.whenFree(this::closeIfUnused); // a thread that dies with the claim does not end it
        }
    }

    private void wakeThoseOf(Share share) {
        try {
            Faults faults = context.faults();
            if (faults != null && shares > 0) {
                // The last one leaves with the lane: until then a test can kill it.
                faults.leave(share);
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

    /// Ends one sender's share as the end of its process would, for a test. With the last share the
    /// receiver sees the end at once; the memory stays until another thread's open claim ends.
    void kill(Share share, String reason) {
        turn.breakIn();
        try {
            isKilled = true;
            endInside(share, reason, false);
            OutboundLane current = own.lane();
            if (shares == 0 && current != null) {
                current.cutOff();
                closeAnnouncement(); // the thread with the turn no longer needs it
            }
        } finally {
            turn.exit();
        }
    }

    /// Checks now whether the receiver is gone.
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

    /// Makes a thread that waits for room look again.
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
            context.counters().close();
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
            boolean isFree = turn.awaitFree(share::isEnded, deadline, context.counters());
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
