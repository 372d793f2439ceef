package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.EndContext;
import dev.ipcchannel.internal.end.Holding;
import dev.ipcchannel.internal.end.LaneFaults;
import dev.ipcchannel.internal.end.LaneMarks;
import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.end.Tally;
import dev.ipcchannel.internal.end.Views;
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

/// One sending process's lane into this receiver: a ring that only this receiver reads, and the
/// socket beside it.
///
/// Used by one thread at a time; its [Inbox] sees to that. What the sender wrote is checked and
/// never believed: a breach is a [RingViolation], and the lane is closed.
///
/// Longer than most files: whatever comes by a lane and whatever it holds is seen to here.
public final class InboundLane {

    /// The number of the member of a name, where a lane is none's.
    static final long NOBODY = 0;

    private static final int MAX_A_LOOK = 512; // packets: a flood must not keep us

    // Packets before the last of a message: an ordinary socket's queue holds 278.
    private static final int MAX_BEFORE_PARTS = 512;

    private static final int MAX_RETIREMENTS_A_LOOK = RecordHeader.MAX_PARTS;

    // Each of them may be 253 descriptors to close.
    private static final int MAX_GIVEN_UP_A_LOOK = 4;

    private final long laneId;
    private final int capacity;
    private final Views views;
    private final Descriptor socket;
    private final RingReader ring;
    private final Hearing hearing;
    private final SpillTable spills;
    private final Long watch;
    private final Tally tally;
    private final Holding holding;
    private final @Nullable LaneFaults faults; // where the sender is here, on an in-process channel
    private @Nullable LaneMarks marks; // once they are asked for
    private boolean hasSocketEnded;
    private boolean isHeldUp; // descriptors of a record that is to come lie first in the socket
    private long dueAt; // where that record is
    private @Nullable HeldUp heldUp; // tells of what lies behind them
    private boolean isSenderDead; // the kernel says so, though the end of the socket is not reached
    private boolean isWatcherTelling; // of bells, for virtual threads
    private long member = NOBODY; // whose it is, where it came by a way of its own

    private InboundLane(EndContext context, Watcher.Watched target, long position,
            SharedMemory memory, Descriptor socket, @Nullable LaneFaults faults) {
        LaneSettings settings = context.settings();
        this.faults = faults;
        this.capacity = settings.capacity();
        this.views = new Views(memory, capacity, true);
        this.socket = socket;
        this.hearing = new Hearing(socket);
        this.ring = new RingReader(new SegmentMemory(memory.segment()), capacity, position);
        this.laneId = ring.laneId();
        this.spills = new SpillTable(settings.maxMessage());
        this.watch = Watcher.instance().watch(socket, Epoll.Interest.END, target);
        this.tally = context.tally();
        this.holding = new Holding(tally);
        noteHoldings();
        if (Flight.isOn()) {
            Flight.opened(Flight.RECEIVER, laneId, pid(), settings.messageType(), capacity);
        }
    }

    /// The process that made the lane, as the kernel noted it; 0 if it will not say, for nothing
    /// may fail because it is recorded.
    private long pid() {
        try {
            return Sockets.peer(socket).pid();
        } catch (PosixException _) {
            return 0;
        }
    }

    /// Takes a lane up that another process announced or moved here. Takes both descriptors over,
    /// in any case.
    ///
    /// @throws RuntimeException if it is not what a lane has to be, or cannot be mapped
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

    /// Before [#close]: tells the sender that it is this process that cannot go on with the lane.
    void refuse() {
        LanePacket.refuse(socket, LanePacket.EXHAUSTED, 0);
    }

    RingReader ring() {
        return ring;
    }

    /// Notes the member of a name whose it is. Before it is one of a set.
    void isOf(long number) {
        member = number;
    }

    /// The member of a name whose it is, or [#NOBODY].
    public long member() {
        return member;
    }

    /// The marks of this lane.
    LaneMarks marks() {
        LaneMarks current = marks;
        if (current == null) {
            current = LaneMarks.ofReader(views.memory(), capacity);
            marks = current;
        }
        return current;
    }

    /// Has the watcher tell of bells, or of the sender's end alone.
    void tellBells(boolean isWanted) {
        if (isWanted != isWatcherTelling) {
            Watcher.instance().change(socket,
                    isWanted ? Epoll.Interest.ARRIVALS : Epoll.Interest.END, watch);
            isWatcherTelling = isWanted;
        }
    }

    /// Has the set that this receiver is in hear of this lane, until its socket is at its end.
    void join(Membership joined) {
        leaveHeldUp(); // where that set does not hear of it
        if (!hasSocketEnded) {
            hearing.start(joined);
        }
    }

    /// Has no set hear of this lane any more.
    void leave() {
        hearing.end();
        leaveHeldUp();
    }

    Descriptor socket() {
        return socket;
    }

    /// Finds the next message, and lets go of files that its sender does not use again, and of what
    /// came for messages that it has given up.
    ///
    /// @return whether there is one; [#takeDescriptors] follows. If not, the ring may not be empty
    /// @throws RingViolation if the sender broke the format
    /// @throws PosixException if this process has run out of something, or the socket is none of
    /// our make; all is where it was
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
            consume(); // at once: the writer may wait for its space, and no message follow
        }
        return false;
    }

    /// Takes what came for a record that was given up off the socket, and closes it. What is not
    /// there nobody misses.
    private void closeGivenUp() {
        if (ring.isSpilled() || ring.payloadLength() != 0) {
            throw new RingViolation("record given up breaks the format: length=%d, packets=%d"
                    .formatted(ring.payloadLength(), ring.parts()));
        }
        checkCloser();
        resume();
        int left = ring.parts();
        try (Packet packet = new Packet()) { // which closes what nobody takes
            for (int i = 0; i < MAX_BEFORE_PARTS && left > 0; i++) {
                if (packet.peek(socket) != Packet.Receiving.PACKET) {
                    return; // an end is for the next look
                }
                if (!LanePacket.isBell(packet)) {
                    if (!LanePacket.isParts(packet)) {
                        throw LanePacket.undue(packet);
                    }
                    long behind = LanePacket.position(packet) - ring.position();
                    if (behind > 0) {
                        return; // of a later record, which has its own
                    }
                    left -= behind == 0 ? 1 : 0;
                }
                Packet.Receiving _ = packet.receive(socket);
            }
        }
    }

    /// Until when a test holds back the message that [#poll] has come to; null if none is held.
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
    /// file's. Closed with the lane at the latest, so that a view kept too long fails cleanly.
    public MemorySegment view() {
        return ring.isSpilled() ? spills.view() : views.view();
    }

    /// The descriptors that belong to the found message; whoever takes them closes them. Once a
    /// message, before anything else is asked about it.
    ///
    /// @throws RingViolation if the sender broke the format
    /// @throws PosixException if this process has run out of something, or the socket is none of
    /// our make; all is where it was
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
        tally.spilled();
        return rest;
    }

    /// Says what this lane holds open by now.
    private void noteHoldings() {
        holding.now(2 + spills.files(), // with socket and memory file
                RingLayout.regionLength(capacity) + spills.bytes());
    }

    private List<Descriptor> takeParts() {
        int of = ring.parts();
        if (of == 0) {
            return List.of(); // what attempts given up at this place have sent goes with a look
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

    /// Before more of the sender's descriptors are opened: those that came before have to go.
    private void checkCloser() {
        if (socket.closer().isOverrun()) {
            throw new RingViolation("descriptors that it sent wait to be closed, and more came");
        }
    }

    /// They were sent before the record was committed, in the order of their records, and nothing
    /// of later ones comes before the last of them.
    private void takeParts(Packet packet, int of, List<Descriptor> taken) {
        int found = 0;
        int givenUp = 0;
        for (int i = 0; i < MAX_BEFORE_PARTS && found < of; i++) {
            if (receive(packet, found) != Packet.Receiving.PACKET) {
                break; // an end is for the next look
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

    /// Where this process has run out of something, the message stays where it is with all that
    /// comes with it, unless some of that is off the socket.
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
        return new RingViolation("a message is behind the descriptors of too many that were given"
                + " up: packets=%d, limit=%d".formatted(packets, LanePacket.MAX_GIVEN_UP));
    }

    private static void checkWhole(Packet packet) {
        if (packet.hasLostDescriptors()) {
            throw new LaneException(LaneException.Kind.EXHAUSTED,
                    "the ends or the memory of a message were lost on the way, because this "
                            + "process may not open more descriptors: raise ulimit -n");
        }
    }

    /// Goes on behind the found message and gives its space back.
    public void consume() {
        letGo();
        ring.consume();
        publish();
    }

    /// Goes on behind the found message; its space is given back in larger pieces, or when the
    /// writer waits for it, and at last by [Inbox#publish].
    public void consumeInBatch() {
        letGo();
        ring.consume();
        // The space of a spilled message is more than that of its record.
        if (ring.unpublished() >= capacity / 8 || ring.isSpilled() || ring.isWriterAsleep()) {
            publish();
        }
    }

    private void letGo() {
        if (ring.isSpilled()) {
            spills.consumed();
        }
    }

    /// Gives back the space of everything consumed and wakes the writer if that is what it waits
    /// for.
    void publish() {
        if (ring.unpublished() == 0) {
            return;
        }
        ring.publish();
        long sleep = ring.writerToWake();
        if (sleep != 0) {
            LanePacket.ring(socket); // a writer that is gone needs no space
            ring.rung(sleep); // last: a bell that the stack had no room for is the next one's
            tally.bell();
        }
    }

    /// Takes what is there off the socket: bells, the end, descriptors whose record's place has
    /// passed. Those of a record that is to come stay there until it names them, whatever lies
    /// behind them: this process has only descriptors that somebody asked for.
    ///
    /// @param isUntilBell whether one bell is enough: a sender rings once for each sleep, so to
    /// look what comes after it is a system call for nothing
    /// @return whether there may be more that nothing else notifies of
    boolean drainSocket(boolean isUntilBell) {
        int given = 0; // packets of attempts given up
        try (Packet packet = new Packet()) {
            for (int i = 0; i < MAX_A_LOOK && given < MAX_GIVEN_UP_A_LOOK; i++) {
                // No switch: the compiler makes a class of it, which comes too late for a process
                // that first gets here when it has no descriptors.
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

    /// Whether the packet's descriptors are of a record that may yet come.
    private boolean isDueLater(Packet packet) {
        if (!LanePacket.isParts(packet)) {
            throw LanePacket.undue(packet);
        }
        if (LanePacket.position(packet) - ring.position() < 0) {
            return false;
        }
        isHeldUp = true;
        dueAt = LanePacket.position(packet);
        isSenderDead = isSenderDead || PollSet.isHungUp(socket);
        return true;
    }

    private void endSocket() {
        hasSocketEnded = true;
        hearing.end(); // else the set would hear of the end again and again
        resume(); // after it, here and below: the set is not to hear again of what it is to forget
    }

    /// Before a wait: has `list` tell of arrivals where the socket itself would always be ready.
    void holdUp(HeldUp list) {
        resumeIfPast();
        if (isHeldUp && !isSenderDead && heldUp == null && list.add(socket)) {
            heldUp = list;
            hearing.pause();
        }
    }

    /// Another record may be where that was to be: then its descriptors are of an attempt given up.
    private void resumeIfPast() {
        if (isHeldUp && dueAt - ring.position() < 0) {
            resume();
        }
    }

    private void resume() {
        leaveHeldUp();
        isHeldUp = false; // last: if the kernel refuses, the next look asks it again
    }

    private void leaveHeldUp() {
        HeldUp list = heldUp;
        if (list != null) {
            heldUp = null;
            list.remove(socket);
        }
        hearing.resume();
    }

    /// Adds the socket to a wait.
    void addTo(PollSet set) {
        resumeIfPast();
        if (hasSocketEnded || (isHeldUp && isSenderDead)) {
            set.addNothing(); // else no wait for what is held back in its ring would last
        } else {
            set.add(socket, heldUp != null ? 0 : PollSet.READABLE); // an end is told in any case
        }
    }

    /// Whether nothing more comes by the socket, as its last look has told: known without a look at
    /// memory that the sender shares.
    boolean isSocketOver() {
        return hasSocketEnded || isSenderDead;
    }

    /// Whether nothing more can come. Asked after an empty look at the ring; it looks again behind
    /// the news.
    boolean isEnded() {
        return ring.isEnded() || (isSocketOver() && ring.isEmpty());
    }

    /// Whether the sender is gone, as far as the last look at the socket has told. What it sent may
    /// still be there.
    boolean isSenderGone() {
        return isSocketOver() || ring.isWriterClosed();
    }

    /// Whether the writer said that it was done.
    boolean isClosedInOrder() {
        return ring.isWriterClosed();
    }

    /// The lane ends without a word of its sender's: what is known of that is recorded.
    void recordDeath() {
        if (Flight.isOn()) {
            Flight.died(Flight.RECEIVER, laneId, pid(), ring.position());
        }
    }

    long laneId() {
        return laneId;
    }

    /// What another process needs to go on reading here.
    Transfer.Lane exported() {
        publish();
        return new Transfer.Lane(capacity, ring.position(), views.memory().file(), socket,
                spills.nextFile(), spills.exported());
    }

    /// Takes a lane up that another process exported.
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

    /// Ends the lane: the sender learns at its next send.
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

    /// Ends the lane as the end of this process would: no word in the ring says that it was meant.
    void lose() {
        try {
            hearNoMore();
        } finally {
            letGo(false);
        }
    }

    /// Lets go of a lane that another process reads from now on.
    void abandon() {
        Flight.closed(Flight.RECEIVER, laneId, "moved to another process", ring.position());
        try {
            hearNoMore();
        } finally {
            letGo(true);
        }
    }

    private void hearNoMore() {
        try {
            hearing.end();
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
            views.close();
            holding.now(0, 0);
        }
    }
}
