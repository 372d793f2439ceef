package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.EndContext;
import dev.ipcchannel.internal.end.GuardedView;
import dev.ipcchannel.internal.end.LaneFaults;
import dev.ipcchannel.internal.end.LaneMarks;
import dev.ipcchannel.internal.end.LaneResources;
import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.flight.Flight;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RecordHeader;
import dev.ipcchannel.internal.ring.RingLayout;
import dev.ipcchannel.internal.ring.RingReader;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.ring.SegmentMemory;
import dev.ipcchannel.internal.wait.Watcher;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LanePacket;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.internal.wire.Transfer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The reader's side of one sending process's lane into this receiver: a ring that only this
/// receiver reads, and the socket beside it.
///
/// Used by one thread at a time; its [Inbox] ensures that. All that the sender wrote is checked and
/// never trusted: a breach is a [RingViolation], and the lane is closed.
///
/// Longer than most files: everything that comes by a lane and everything that it holds is handled
/// here.
public final class InboundLane {

    /// The number of the member of a name, if a lane belongs to none.
    static final long NO_MEMBER = 0;

    private static final int MAX_A_LOOK = 512; // packets: a flood must not keep this thread here

    // Packets before the last of a message: an ordinary socket's queue takes 278.
    private static final int MAX_BEFORE_PARTS = 512;

    private static final int MAX_RETIREMENTS_A_LOOK = RecordHeader.MAX_PARTS;

    // Each may have 253 descriptors to close.
    private static final int MAX_GIVEN_UP_A_LOOK = 4;

    private final long laneId;
    private final int capacity;
    private final GuardedView guarded;
    private final Descriptor socket;
    private final RingReader ring;
    private final EpollRegistration registration;
    private final SpillTable spills;
    private final Long watch;
    private final Counters counters;
    private final LaneResources resources;
    // If the sender is in this process, on an in-process channel.
    private final @Nullable LaneFaults faults;
    private @Nullable LaneMarks marks; // made by the first call for them
    private boolean hasSocketEnded;
    private boolean isBlocked; // descriptors of a later record are first in the socket
    private long dueAt; // the position of that record
    private @Nullable BlockedLanes blockedLanes; // reports arrivals after them
    // By a report of the kernel, before the end of the socket is reached.
    private boolean isSenderDead;
    private boolean isWatchingBells; // notifies of bells, for virtual threads
    private long member = NO_MEMBER; // of the sender, if the lane came by a way of its own

    private InboundLane(EndContext context, Watcher.Watched target, long position,
            SharedMemory memory, Descriptor socket, @Nullable LaneFaults faults) {
        LaneSettings settings = context.settings();
        this.faults = faults;
        this.capacity = settings.capacity();
        this.guarded = new GuardedView(memory, capacity, true);
        this.socket = socket;
        this.registration = new EpollRegistration(socket);
        this.ring = new RingReader(new SegmentMemory(memory.segment()), capacity, position);
        this.laneId = ring.laneId();
        this.spills = new SpillTable(settings.maxMessage());
        this.watch = Watcher.instance().watch(socket, Epoll.Interest.END, target);
        this.counters = context.counters();
        this.resources = new LaneResources(counters);
        noteHoldings();
        if (Flight.isOn()) {
            Flight.opened(Flight.RECEIVER, laneId, pid(), settings.messageType(), capacity);
        }
    }

    /// The process that made the lane, as the kernel noted it; 0 if the kernel does not report it,
    /// because no recording may cause a failure.
    private long pid() {
        try {
            return Sockets.peer(socket).pid();
        } catch (PosixException _) {
            return 0;
        }
    }

    /// Takes up a lane that another process announced or moved here. Takes both descriptors over,
    /// in any case.
    ///
    /// @throws RuntimeException if it does not have the form of a lane, or cannot be mapped
    static InboundLane open(EndContext context, Watcher.Watched target, long capacity,
            long position, Descriptor memoryFile, Descriptor socket,
            @Nullable LaneFaults faults) {
        try {
            if (capacity != context.settings().capacity() || !RecordHeader.isAligned(position)
                    || !Sockets.isPacketSocket(socket)) {
                throw new RingViolation("lane is out of bounds: capacity=%d, position=%d, socket=%s"
                        .formatted(capacity, position, socket));
            }
            SharedMemory memory = SharedMemory.adopt(memoryFile, RingLayout.regionLength(capacity));
            try {
                return new InboundLane(context, target, position, memory, socket, faults);
            } catch (RuntimeException | Error failure) {
                memory.close();
                throw failure;
            }
        } catch (RuntimeException | Error failure) {
            if (failure instanceof OutOfMemoryError
                    || (failure instanceof PosixException call && call.isExhaustion())) {
                LanePacket.refuse(socket, LanePacket.EXHAUSTED, 0);
            }
            memoryFile.close();
            socket.close();
            throw failure;
        }
    }

    /// Sends the sender the word that this process cannot go on with the lane. Called before
    /// [#close].
    void refuse() {
        LanePacket.refuse(socket, LanePacket.EXHAUSTED, 0);
    }

    RingReader ring() {
        return ring;
    }

    /// Sets the member of a name that the lane belongs to. Called before the lane joins a set.
    void isOf(long number) {
        member = number;
    }

    /// The member of a name that the lane belongs to, or [#NO_MEMBER].
    public long member() {
        return member;
    }

    /// The marks of this lane.
    LaneMarks marks() {
        LaneMarks current = marks;
        if (current == null) {
            current = LaneMarks.ofReader(guarded.memory(), capacity);
            marks = current;
        }
        return current;
    }

    /// Makes the watcher notify of bells, or only of the sender's end.
    void watchBells(boolean isWanted) {
        if (isWanted != isWatchingBells) {
            Watcher.instance().change(socket,
                    isWanted ? Epoll.Interest.ARRIVALS : Epoll.Interest.END, watch);
            isWatchingBells = isWanted;
        }
    }

    /// Registers this lane with the set that this receiver is in, until the end of its socket.
    void join(Membership joined) {
        leaveBlockedLanes(); // that set is not registered there
        if (!hasSocketEnded) {
            registration.start(joined);
        }
    }

    /// Removes this lane from the set.
    void leave() {
        registration.end();
        leaveBlockedLanes();
    }

    Descriptor socket() {
        return socket;
    }

    /// Finds the next message. Releases files that the sender does not use again, and the
    /// descriptors of messages that it has given up.
    ///
    /// @return whether there is one; [#takeDescriptors] follows. If not, the ring may still not be
    /// empty
    /// @throws RingViolation if the sender broke the format
    /// @throws PosixException if this process has run out of a resource, or the socket is not of
    /// this library; then nothing has changed
    boolean poll() {
        for (int left = MAX_RETIREMENTS_A_LOOK; left > 0 && ring.poll(); left--) {
            if (!ring.isRetirement()) {
                return heldUntil() == null;
            }
            if (ring.parts() == 0) {
                spills.retire(ring);
                noteHoldings();
            } else {
                closeGivenUp();
            }
            consume(); // at once: the writer may wait for its space, and no message may follow
        }
        return false;
    }

    /// Takes the packets of a record that was given up off the socket, and closes their
    /// descriptors. Packets that are not there do not matter.
    private void closeGivenUp() {
        if (ring.isSpilled() || ring.payloadLength() != 0) {
            throw new RingViolation("record given up breaks the format: length=%d, packets=%d"
                    .formatted(ring.payloadLength(), ring.parts()));
        }
        checkCloser();
        resume();
        int left = ring.parts();
        try (Packet packet = new Packet()) { // closes descriptors that are not taken
            for (int i = 0; i < MAX_BEFORE_PARTS && left > 0; i++) {
                if (packet.peek(socket) != Packet.Receiving.PACKET) {
                    return; // the next look handles an end
                }
                if (!LanePacket.isBell(packet)) {
                    if (!LanePacket.isParts(packet)) {
                        throw LanePacket.undue(packet);
                    }
                    long following = LanePacket.position(packet) - ring.position();
                    if (following > 0) {
                        return; // of a later record, which names its own
                    }
                    left -= following == 0 ? 1 : 0;
                }
                Packet.Receiving _ = packet.receive(socket);
            }
        }
    }

    /// When the message that [#poll] has found may be received, if a test delays it; else null.
    @Nullable
    Deadline heldUntil() {
        return faults == null ? null : faults.heldUntil(ring.position());
    }

    /// The found message's length in bytes.
    public int payloadLength() {
        return ring.isSpilled() ? spills.length() : ring.payloadLength();
    }

    /// Copies the found message to the start of `target`.
    public void copyOut(byte[] target) {
        if (ring.isSpilled()) {
            spills.copyOut(target);
        } else {
            ring.copyOut(target, 0);
        }
    }

    /// Copies `count` bytes of the found message, from the index `from` on, to the start of
    /// `target`.
    public void copyOut(int from, byte[] target, int count) {
        if (ring.isSpilled()) {
            spills.copyOut(from, target, count);
        } else {
            ring.copyOut(from, target, count);
        }
    }

    /// The found message's index in [#view].
    public long payloadIndex() {
        return ring.isSpilled() ? 0 : ring.payloadIndex();
    }

    /// The memory that the found message lies in, for reading in place: the ring's data, or a
    /// file's. It is closed with the lane at the latest, so that an access through a view kept too
    /// long fails with an exception.
    public MemorySegment view() {
        return ring.isSpilled() ? spills.view() : guarded.view();
    }

    /// The descriptors that belong to the found message; the caller closes them. Called once a
    /// message, before any other call about it.
    ///
    /// @throws RingViolation if the sender broke the format
    /// @throws PosixException if this process has run out of a resource, or the socket is not of
    /// this library; then nothing has changed
    public List<Descriptor> takeDescriptors() {
        List<Descriptor> taken = takeParts();
        List<Descriptor> rest = ring.isSpilled() ? openSpilled(taken) : taken;
        if (Flight.isOn()) {
            Flight.received(laneId, ring.position(), payloadLength());
        }
        return rest;
    }

    private List<Descriptor> openSpilled(List<Descriptor> taken) {
        List<Descriptor> rest = spills.open(ring, taken);
        noteHoldings();
        counters.spilled();
        return rest;
    }

    /// Counts the resources that this lane has open now.
    private void noteHoldings() {
        resources.now(2 + spills.files(), // and socket and memory file
                RingLayout.regionLength(capacity) + spills.bytes());
    }

    private List<Descriptor> takeParts() {
        int of = ring.parts();
        if (of == 0) {
            // Packets of attempts given up here are dropped by a look at the socket.
            return List.of();
        }
        checkCloser();
        resume();
        List<Descriptor> taken = new ArrayList<>();
        boolean isComplete = false;
        try (Packet packet = new Packet()) {
            takeParts(packet, of, taken);
            isComplete = true;
            return taken;
        } finally {
            if (!isComplete) {
                Descriptor.closeAll(taken);
            }
        }
    }

    /// Checks, before more of the sender's descriptors are opened, that the earlier ones get
    /// closed.
    private void checkCloser() {
        if (socket.closer().isOverrun()) {
            throw new RingViolation("descriptors that it sent wait to be closed, and more came");
        }
    }

    /// Takes the record's packets. They were sent before the record was committed, in the order of
    /// their records, and no packet of a later record comes before the last of them.
    private void takeParts(Packet packet, int of, List<Descriptor> taken) {
        int found = 0;
        int givenUp = 0;
        for (int i = 0; i < MAX_BEFORE_PARTS && found < of; i++) {
            if (receive(packet, found) != Packet.Receiving.PACKET) {
                break; // the next look handles an end
            }
            if (LanePacket.isBell(packet)) {
                continue;
            }
            if (!LanePacket.isParts(packet)
                    || LanePacket.position(packet) - ring.position() > 0) {
                throw LanePacket.undue(packet);
            }
            if (LanePacket.isPart(packet, ring.position(), ring.ticket(), found, of)) {
                checkWhole(packet);
                taken.addAll(packet.takeDescriptors());
                found++;
            } else if (++givenUp > LanePacket.MAX_GIVEN_UP) { // closed by the packet
                throw tooManyGivenUp(givenUp);
            }
        }
        if (found < of) {
            throw new RingViolation(
                    "descriptors announced by a message are missing: position=%d, packets=%d"
                            .formatted(ring.position(), of));
        }
    }

    /// Receives a packet. If this process has run out of a resource, the message stays in place
    /// with all its packets, unless some of them are already off the socket.
    private Packet.Receiving receive(Packet packet, int found) {
        try {
            return packet.receive(socket);
        } catch (PosixException failure) {
            throw found == 0 || !failure.isExhaustion() ? failure
                    : new LaneException(LaneException.Kind.EXHAUSTED, "a sender is cut off, since"
                            + " what came with its message was lost on the way: "
                            + failure.getMessage(), failure);
        }
    }

    private static RingViolation tooManyGivenUp(int packets) {
        return new RingViolation("a message comes after the descriptors of too many that were"
                + " given up: packets=%d, limit=%d".formatted(packets, LanePacket.MAX_GIVEN_UP));
    }

    private static void checkWhole(Packet packet) {
        if (packet.hasLostDescriptors()) {
            throw new LaneException(LaneException.Kind.EXHAUSTED,
                    "the ends or the memory of a message were lost on the way, because this "
                            + "process may not open more descriptors: raise ulimit -n");
        }
    }

    /// Ends the found message and gives its space back.
    public void consume() {
        letGo();
        ring.consume();
        publish();
    }

    /// Ends the found message. Its space is given back in larger pieces, or when the writer waits
    /// for it, at the latest by [Inbox#publish].
    public void consumeInBatch() {
        letGo();
        ring.consume();
        // A spilled message frees more space than that of its record.
        if (ring.unpublished() >= capacity / 8 || ring.isSpilled() || ring.isWriterAsleep()) {
            publish();
        }
    }

    private void letGo() {
        if (ring.isSpilled()) {
            spills.consumed();
        }
    }

    /// Gives back the space of everything consumed, and wakes a writer that waits for it.
    void publish() {
        if (ring.unpublished() == 0) {
            return;
        }
        ring.publish();
        long sleep = ring.writerToWake();
        if (sleep != 0) {
            LanePacket.ring(socket); // a writer that is gone needs no space
            ring.rung(sleep); // last: if the call failed, the next publish rings
            counters.bell();
        }
    }

    /// Takes packets off the socket: bells, the end, and descriptors of records that have passed.
    /// Descriptors of a record that is still to come stay there until the record names them,
    /// whatever comes after them: so this process opens only descriptors that a caller asked for.
    ///
    /// @param isUntilBell whether to stop after one bell: a sender rings once for each sleep, so a
    /// look for a second one is a needless system call
    /// @return whether there may be more, of which no event will notify
    boolean drainSocket(boolean isUntilBell) {
        int given = 0; // packets of attempts that were given up
        try (Packet packet = new Packet()) {
            for (int i = 0; i < MAX_A_LOOK && given < MAX_GIVEN_UP_A_LOOK; i++) {
                // No switch: the compiler makes a class for it, which a process without free
                // descriptors cannot load here.
                Packet.Receiving found = packet.peek(socket);
                if (found == Packet.Receiving.NOTHING) {
                    resume();
                    return false;
                }
                if (found == Packet.Receiving.END) {
                    endSocket();
                    return false;
                }
                boolean isBell = LanePacket.isBell(packet);
                if (!isBell) {
                    if (isDueLater(packet)) {
                        return false;
                    }
                    checkCloser();
                    given++;
                }
                Packet.Receiving _ = packet.receive(socket);
                if (isBell && isUntilBell) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Whether the packet's descriptors belong to a record that may still come.
    private boolean isDueLater(Packet packet) {
        if (!LanePacket.isParts(packet)) {
            throw LanePacket.undue(packet);
        }
        if (LanePacket.position(packet) - ring.position() < 0) {
            return false;
        }
        isBlocked = true;
        dueAt = LanePacket.position(packet);
        isSenderDead = isSenderDead || PollSet.isHungUp(socket);
        return true;
    }

    private void endSocket() {
        hasSocketEnded = true;
        registration.end(); // else the set would be notified of the end again and again
        // After it, here and below: the set must not be registered again just before its removal.
        resume();
    }

    /// Before a wait: adds a blocked socket to `list`, because the socket itself would always be
    /// ready.
    void addIfBlocked(BlockedLanes list) {
        resumeIfPast();
        if (isBlocked && !isSenderDead && blockedLanes == null && list.add(socket)) {
            blockedLanes = list;
            registration.pause();
        }
    }

    /// Another record may have come at that position: then the descriptors are of an attempt given
    /// up.
    private void resumeIfPast() {
        if (isBlocked && dueAt - ring.position() < 0) {
            resume();
        }
    }

    private void resume() {
        leaveBlockedLanes();
        isBlocked = false; // last: if the kernel refuses, the next look tries again
    }

    private void leaveBlockedLanes() {
        BlockedLanes list = blockedLanes;
        if (list != null) {
            blockedLanes = null;
            list.remove(socket);
        }
        registration.resume();
    }

    /// Adds the socket to a wait.
    void addTo(PollSet set) {
        resumeIfPast();
        if (hasSocketEnded || (isBlocked && isSenderDead)) {
            set.addNothing(); // else a wait for a delayed message in its ring would end at once
        } else {
            // The end is reported in any case.
            set.add(socket, blockedLanes != null ? 0 : PollSet.READABLE);
        }
    }

    /// Whether nothing more comes by the socket, by its last look: known without a load from memory
    /// that the sender shares.
    boolean isSocketOver() {
        return hasSocketEnded || isSenderDead;
    }

    /// Whether nothing more can come. Called after the ring was found empty; it looks at the ring
    /// again after it has seen the end.
    boolean isEnded() {
        return ring.isEnded() || (isSocketOver() && ring.isEmpty());
    }

    /// Whether the sender is gone, by the last look at the socket. Its messages may still be there.
    boolean isSenderGone() {
        return isSocketOver() || ring.isWriterClosed();
    }

    /// Whether the writer has closed in order.
    boolean isClosedInOrder() {
        return ring.isWriterClosed();
    }

    /// Records what is known of a lane that ended without a close word.
    void recordDeath() {
        if (Flight.isOn()) {
            Flight.died(Flight.RECEIVER, laneId, pid(), ring.position());
        }
    }

    long laneId() {
        return laneId;
    }

    /// The state that another process needs to go on reading here.
    Transfer.Lane exported() {
        publish();
        return new Transfer.Lane(capacity, ring.position(), guarded.memory().file(), socket,
                spills.nextFile(), spills.exported());
    }

    /// Takes up a lane that another process exported.
    static InboundLane importFrom(Transfer.Lane exported, EndContext context,
            Watcher.Watched target) {
        InboundLane lane = open(context, target, exported.capacity(), exported.position(),
                exported.region(), exported.socket(), null);
        try {
            lane.spills.importFrom(exported.nextFile(), exported.files(), lane.ring);
            lane.noteHoldings();
            return lane;
        } catch (RuntimeException | Error failure) {
            lane.close();
            throw failure;
        }
    }

    /// Ends the lane: the sender sees it at its next send.
    void close() {
        Flight.closed(Flight.RECEIVER, laneId, ring.isWriterClosed() ? "the sender was closed"
                : hasSocketEnded ? "the sender's process has ended"
                        : "closed here",
                ring.position());
        try {
            ring.close();
        } finally {
            lose();
        }
    }

    /// Ends the lane as the death of this process would: the ring has no close word.
    void lose() {
        try {
            endRegistration();
        } finally {
            letGo(false);
        }
    }

    /// Abandons a lane that another process reads from now on.
    void abandon() {
        Flight.closed(Flight.RECEIVER, laneId, "moved to another process", ring.position());
        try {
            endRegistration();
        } finally {
            letGo(true);
        }
    }

    private void endRegistration() {
        try {
            registration.end();
            resume();
        } finally {
            Watcher.instance().unwatch(socket, watch);
        }
    }

    private void letGo(boolean isMoved) {
        try {
            if (isMoved) {
                Sockets.handOn(socket);
            } else {
                Sockets.end(socket);
            }
        } finally {
            release();
        }
    }

    private void release() {
        try {
            spills.close();
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
}
