package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.EndContext;
import dev.ipcchannel.internal.end.EndMarks;
import dev.ipcchannel.internal.end.Faults;
import dev.ipcchannel.internal.end.GuardedView;
import dev.ipcchannel.internal.end.LaneFaults;
import dev.ipcchannel.internal.end.LaneMarks;
import dev.ipcchannel.internal.end.LaneResources;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.flight.Flight;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RingLayout;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.ring.SegmentMemory;
import dev.ipcchannel.internal.wait.Sleeper;
import dev.ipcchannel.internal.wait.Watcher;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LanePacket;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The writer's side of one lane into a channel: a ring that this process alone writes, and the
/// socket beside it.
///
/// Used by one thread at a time; its [Outbox] ensures that. Only [#onSignal] is called by the
/// watcher.
///
/// Longer than most files: each way of a message into the ring is here from its claim to its bell.
final class OutboundLane implements Watcher.Watched {

    private static final int NO_PARTS = -1;

    private final long laneId;
    private final long pid; // of the receiver; 0 if not known
    private final int capacity;
    private final int longestInRing;
    private final GuardedView guarded;
    private final Descriptor socket;
    private final RingWriter ring;
    private final PartsWriter parts;
    private final Long watch;
    private final Counters counters;
    private final LaneResources resources;
    private final ReceiverWatch receiverWatch;
    private final @Nullable LaneFaults faults; // of an in-process channel
    private @Nullable SpillPool pool; // for the long messages; null for a pool of this lane alone
    private @Nullable SpillWriter spills; // made for the first message too long for the ring
    private @Nullable LaneMarks marks; // made by the first call for them
    private int partsSent = NO_PARTS; // for the open claim; NO_PARTS before they are sent
    private volatile boolean isReceiverGone; // set by the watcher, or here after a failed call
    private volatile @Nullable Sleeper sleeper; // of the thread that waits for room
    private boolean isWatchingBells; // notifies of bells, for virtual threads
    private boolean isCutOff; // by this side: the socket's end says nothing of the receiver
    private boolean isClosed; // nothing more is committed

    private OutboundLane(EndContext context, SharedMemory memory, Descriptor socket, long laneId,
            long pid, ReceiverWatch receiverWatch, @Nullable LaneFaults faults) {
        this.capacity = context.settings().capacity();
        this.laneId = laneId;
        this.receiverWatch = receiverWatch;
        this.pid = pid;
        this.faults = faults;
        this.longestInRing = RingLayout.maxPayload(capacity);
        this.guarded = new GuardedView(memory, capacity, false);
        this.socket = socket;
        this.ring = new RingWriter(new SegmentMemory(memory.segment()), capacity, 0);
        this.parts = new PartsWriter(ring, socket, this::wakeReader);
        this.watch = Watcher.instance().watch(socket, Epoll.Interest.END, this);
        this.counters = context.counters();
        this.resources = new LaneResources(counters);
        noteHoldings();
    }

    /// Makes a lane and announces it.
    ///
    /// @param reader the process that receives, if it is known
    /// @param receiverWatch is notified of the lane's end
    /// @param endMarks has the mark that the receiver finds in the lane; null if marks are not used
    /// @return null if the announcement socket has no room now
    /// @throws LaneException if the channel's receiver is gone
    static @Nullable OutboundLane open(EndContext context, @Nullable Peer reader,
            ReceiverWatch receiverWatch, @Nullable EndMarks endMarks) {
        int capacity = context.settings().capacity();
        SharedMemory memory = SharedMemory.create(RingLayout.regionLength(capacity));
        try {
            // Not a secret, so no system call for it.
            long laneId = ThreadLocalRandom.current().nextLong();
            RingWriter.writeLaneId(new SegmentMemory(memory.segment()), capacity, laneId);
            LaneMarks marks = null;
            if (endMarks != null) {
                marks = LaneMarks.ofWriter(memory, capacity);
                marks.set(endMarks.kept());
            }
            long pid = reader == null ? 0 : reader.pid();
            Sockets.Pair pair = Sockets.pair();
            // Closed here once the packet has it: a copy here would hide the close of the
            // receiver's end.
            try (Descriptor receiversEnd = pair.second()) {
                OutboundLane lane = announce(context, memory, pair.first(), receiversEnd, laneId,
                        pid, receiverWatch);
                if (lane != null) {
                    lane.marks = marks;
                    Flight.opened(Flight.SENDER, laneId, pid, context.settings().messageType(),
                            capacity);
                }
                return lane;
            }
        } catch (RuntimeException | Error failure) {
            memory.close();
            throw failure;
        }
    }

    private static @Nullable OutboundLane announce(EndContext context, SharedMemory memory,
            Descriptor socket, Descriptor receiversEnd, long laneId, long pid,
            ReceiverWatch receiverWatch) {
        Descriptor announcement = context.announcement();
        Faults faults = context.faults();
        boolean isOpen = false;
        try {
            LaneFaults own = faults == null ? null : faults.announce(memory.file());
            Packet.Sending sending = LanePacket.announce(announcement,
                    context.settings().capacity(), 0, memory.file(), receiversEnd);
            if (faults != null && sending != Packet.Sending.SENT) {
                faults.withdraw(memory.file());
            }
            if (sending == Packet.Sending.FULL) {
                memory.close();
                return null;
            }
            checkAnnounced(sending, announcement);
            OutboundLane lane = new OutboundLane(context, memory, socket, laneId, pid,
                    receiverWatch, own);
            isOpen = true;
            // The mapping stays; only the receiver, which may move, needs the file.
            memory.file().close();
            return lane;
        } finally {
            if (!isOpen) {
                Sockets.end(socket); // the receiver may have the other end
            }
        }
    }

    /// Sends one message whole, or nothing.
    ///
    /// @return false if there is no room, or if too many packets with descriptors are still unread
    boolean offer(OutgoingMessage message) {
        checkReceiver();
        if (isFilled()) {
            return false;
        }
        if (message.length() > longestInRing) {
            return offerSpilled(message);
        }
        if (spills != null) {
            trimSpills(spills);
        }
        if (parts.hasTooMany(PartsWriter.partsOf(message.descriptors().size()))
                || ring.claim(message.length()) == RingWriter.FULL) {
            return false;
        }
        copyToRing(message);
        noteMessage();
        commit(parts.send(message.descriptors()));
        return true;
    }

    private void copyToRing(OutgoingMessage message) {
        ring.copyIn(0, message.head(), message.headLength());
        if (message.tail().length > 0) {
            ring.copyIn(message.headLength(), message.tail(), message.tail().length);
        }
    }

    private boolean offerSpilled(OutgoingMessage message) {
        if (!claimFile(message.length(), message.descriptors().size())) {
            return false;
        }
        boolean isSent = false;
        try {
            spills().copyIn(message);
            noteMessage();
            commitSpilled(spills().sendParts(message.descriptors()));
            isSent = true;
            return true;
        } finally {
            if (!isSent) {
                spills().abort();
            }
        }
    }

    private boolean claimFile(int length, int descriptors) {
        try {
            return spills().claim(length, descriptors);
        } finally {
            noteHoldings();
        }
    }

    private void commitSpilled(int sent) {
        int length = spills().claimedLength();
        long fileCapacity = spills().claimedCapacity();
        long position = ring.claimedPosition();
        try {
            spills().commit(sent);
        } finally {
            noteHoldings();
        }
        wakeReader();
        counters.spilled();
        Flight.spilled(laneId, position, length, fileCapacity);
        count(position, length);
    }

    private SpillWriter spills() {
        SpillWriter current = spills;
        if (current == null) {
            SpillPool common = pool;
            current = new SpillWriter(ring, parts, this::wakeReader,
                    common == null ? SpillPool.ofOneLane() : common);
            spills = current;
        }
        return current;
    }

    /// Reserves room for a payload that is written in place. Returns its index in [#view], or
    /// [RingWriter#FULL].
    ///
    /// @param descriptors the number of descriptors that go along
    long claim(int length, int descriptors) {
        checkReceiver();
        if (isFilled()) {
            return RingWriter.FULL;
        }
        if (partsSent != NO_PARTS) {
            abort(); // a claim of a thread that died
        }
        if (length > longestInRing) {
            return claimFile(length, descriptors) ? 0 : RingWriter.FULL;
        }
        if (spills != null) {
            spills.abort();
            trimSpills(spills);
        }
        return parts.hasTooMany(PartsWriter.partsOf(descriptors)) ? RingWriter.FULL
                : ring.claim(length);
    }

    /// Sends the descriptors of the claimed message, so that its commit cannot fail.
    ///
    /// @throws LaneException if they cannot be sent; the claim is given up
    void sendParts(List<Descriptor> descriptors) {
        partsSent = isSpilled() ? spills().sendParts(descriptors)
                : parts.send(descriptors);
    }

    boolean isClaimed() {
        return ring.isClaimed();
    }

    /// Uses files for long messages that other lanes share. Called before the first long message.
    void useFiles(SpillPool common) {
        pool = common;
    }

    /// Whether the claimed payload lies in a file.
    boolean isSpilled() {
        return spills != null && spills.isClaimed();
    }

    /// Commits the claimed message.
    void commitClaim() {
        noteMessage();
        if (partsSent == NO_PARTS) {
            sendParts(List.of());
        }
        int sent = partsSent;
        partsSent = NO_PARTS;
        if (isSpilled()) {
            commitSpilled(sent);
        } else {
            commit(sent);
        }
    }

    /// Shows the claimed record to the receiver and wakes it if it sleeps.
    ///
    /// @param sent the number of packets with its descriptors
    private void commit(int sent) {
        int length = ring.claimedLength();
        long position = ring.claimedPosition();
        ring.commit(sent, parts.ticket());
        wakeReader();
        count(position, length);
    }

    /// After the bell, so that the reader does not wait for the counting.
    private void count(long position, int length) {
        Flight.sent(laneId, position, length);
        if (counters.message(length)) {
            counters.unread(ring.unread());
        }
    }

    private void trimSpills(SpillWriter current) {
        if (current.trim()) {
            noteHoldings();
        }
    }

    /// Counts the resources that this lane has open now.
    private void noteHoldings() {
        SpillWriter current = spills;
        int open = current == null ? 0 : current.openFiles();
        resources.now(1 + open, // and the socket
                guarded.memory().segment().byteSize() + (current == null ? 0 : current.bytes()));
    }

    /// Lets a test delay the message: before the commit, after which the reader may look.
    private void noteMessage() {
        if (faults != null) {
            faults.note(ring.claimedPosition(), ring.readerPosition());
        }
    }

    /// Whether a test has taken all room away.
    private boolean isFilled() {
        return faults != null && faults.isFull();
    }

    private void wakeReader() {
        long sleep = ring.readerToWake();
        if (sleep != 0) {
            if (!LanePacket.ring(socket)) {
                isReceiverGone = true; // the message will not be read: the next send reports it
            }
            ring.rung(sleep); // last: if the call failed, the next send rings
            counters.bell();
        }
    }

    void abort() {
        int sent = partsSent;
        partsSent = NO_PARTS;
        if (spills != null) {
            spills.abort();
        }
        // After a close no record can name them.
        parts.giveUp(sent == NO_PARTS || isClosed ? 0 : sent);
    }

    /// The memory of the claim, for in-place writing: the ring's data, or a file's. It is closed
    /// with the lane at the latest, so that an access through a view kept too long fails with an
    /// exception.
    MemorySegment view() {
        return isSpilled() ? spills().view() : guarded.view();
    }

    /// Whether a message of this length, with so many descriptors, might be sent now, or the
    /// receiver is gone. Sends nothing.
    boolean isReady(int length, int descriptors) {
        if (isReceiverGone || ring.isReaderClosed()) {
            return true;
        }
        if (isFilled()) {
            return false;
        }
        if (length > longestInRing) {
            return spills().hasRoom(length, descriptors);
        }
        return !parts.hasTooMany(PartsWriter.partsOf(descriptors)) && ring.hasRoom(length);
    }

    /// Announces that the writer sleeps until there is room for the message; [#disarm] follows in
    /// either case.
    ///
    /// @return whether sleeping is safe
    boolean arm(PollSet set, int length, int descriptors) {
        set.clear();
        set.add(socket, PollSet.READABLE);
        boolean isFull = isFilled() || (length > longestInRing
                ? spills().arm(length, descriptors)
                : armRing(length, PartsWriter.partsOf(descriptors)));
        return isFull && !isReceiverGone && !ring.isReaderClosed();
    }

    private boolean armRing(int length, int more) {
        return parts.hasTooMany(more) ? parts.arm(more) : ring.arm(length);
    }

    /// Announces that the writer is awake, and takes a bell off the socket if there may be one. The
    /// receiver rings once for each sleep: a bell left there would end the next sleep at once.
    ///
    /// @throws RingViolation if another packet is there
    void disarm(boolean mayHaveBell) {
        ring.disarm();
        sleeper = null;
        if (!mayHaveBell) {
            return;
        }
        try (Packet packet = Packet.borrow()) {
            switch (packet.peek(socket)) {
                case NOTHING -> { /* woken by another event, or not at all */ }
                case END -> isReceiverGone = true;
                case PACKET -> takeBell(packet);
            }
        }
    }

    private void takeBell(Packet packet) {
        if (LanePacket.isRefusal(packet)) {
            isReceiverGone = true; // the packet stays there; the next send reports it
        } else if (LanePacket.isBell(packet)) {
            Packet.Receiving _ = packet.receive(socket);
        } else {
            throw LanePacket.undue(packet);
        }
    }

    /// Sets the sleeper of the next wait, which is notified of bells and of the receiver's end by
    /// the watcher if it cannot poll. Called before [#arm].
    void useSleeper(Sleeper next) {
        sleeper = next;
        if (next.isNotified() != isWatchingBells) {
            isWatchingBells = next.isNotified();
            Watcher.instance().change(socket,
                    isWatchingBells ? Epoll.Interest.ARRIVALS : Epoll.Interest.END, watch);
        }
    }

    @Override
    public void onSignal(boolean isEnd) {
        if (isEnd) {
            isReceiverGone = true;
            receiverWatch.laneIsOver();
        }
        Sleeper current = sleeper; // set before the lane is armed, so before any bell
        if (current != null) {
            current.signal();
        }
    }

    long laneId() {
        return laneId;
    }

    /// The marks of this lane.
    LaneMarks marks() {
        LaneMarks current = marks;
        if (current == null) {
            current = LaneMarks.ofWriter(guarded.memory(), capacity);
            marks = current;
        }
        return current;
    }

    /// Whether the socket is over, as far as it is known: a look that needs no memory of the lane.
    boolean isOver() {
        return isReceiverGone;
    }

    boolean isReceiverGone() {
        return isReceiverGone || ring.isReaderClosed();
    }

    /// Whether the receiver has ended in order.
    boolean isReaderClosed() {
        return ring.isReaderClosed();
    }

    /// The receiver's reason for ending this lane; null if it has not sent one.
    @Nullable
    LaneException refusal() {
        return LanePacket.refusal(socket);
    }

    /// Whether the receiver has read anything.
    boolean isAnyRead() {
        return ring.refreshReaderPosition() != 0;
    }

    /// The number of bytes that the receiver has still to read.
    long unread() {
        return ring.unread();
    }

    /// Asks the kernel now, without waiting for the watcher, whether the receiver is gone.
    void lookAtReceiver() {
        if (PollSet.isHungUp(socket)) {
            isReceiverGone = true;
        }
    }

    /// Ends the lane in order: what was committed can still be read.
    void close() {
        try {
            closeRing();
        } finally {
            lose();
        }
    }

    /// Ends the lane in order for the receiver, while another thread has a claim open that it can
    /// only give up: the memory stays until [#close].
    void closeBeforeClaim() {
        closeRing();
        cutOff();
    }

    private void closeRing() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        Flight.closed(Flight.SENDER, laneId, ring.isReaderClosed() ? "the receiver was closed"
                : isReceiverGone ? "the receiver's process has ended"
                        : "closed here",
                ring.position());
        ring.close();
    }

    /// Shows the receiver the end that the death of this process would show; this side stays until
    /// [#lose].
    void cutOff() {
        isCutOff = true;
        Sockets.shutdown(socket);
    }

    /// Ends the lane as the death of this process would: the ring has no close word.
    void lose() {
        try {
            Watcher.instance().unwatch(socket, watch);
        } finally {
            endSocket();
        }
    }

    private void endSocket() {
        try {
            Sockets.end(socket);
        } finally {
            release();
        }
    }

    private void release() {
        try {
            if (spills != null) {
                spills.close(!isCutOff && isReceiverGone());
            }
        } finally {
            unmap();
        }
    }

    private void unmap() {
        try {
            if (marks != null) {
                marks.close();
            }
        } finally {
            guarded.close();
            resources.now(0, 0);
        }
    }

    /// Checks that the receiver is there, as far as it is known.
    ///
    /// @throws LaneException if it is gone
    void checkReceiver() {
        if (ring.isReaderClosed()) {
            throw LaneException.disconnected("the receiver was closed", "has closed the channel",
                    LaneException.End.CLOSED);
        }
        if (isReceiverGone) {
            Flight.died(Flight.SENDER, laneId, pid, ring.position());
            throw LaneException.disconnected("the receiver's process has ended", "has ended",
                    LaneException.End.DIED);
        }
    }

    /// The announcement socket ends with the receiver, but also when another sender shuts it down.
    private static void checkAnnounced(Packet.Sending sending, Descriptor announcement) {
        if (sending == Packet.Sending.GONE) {
            throw PollSet.isHungUp(announcement)
                    ? LanePacket.receiverGone(
                            "the receiver was closed, its process has ended, or another"
                                    + " sender has ended this channel for new ones",
                            "has closed the channel, or has ended")
                    : LanePacket.receiverGone(
                            "the receiver takes no more senders up, since another one has"
                                    + " broken the format",
                            "");
        }
        LanePacket.checkSent(sending);
    }
}
