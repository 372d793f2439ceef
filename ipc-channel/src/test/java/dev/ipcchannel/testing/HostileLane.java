package dev.ipcchannel.testing;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RingLayout;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.ring.SegmentMemory;
import java.util.List;

/// A lane whose words and packets are set by hand. By default it keeps to the protocol.
public final class HostileLane {

    /// Distance of the reader's position from the capacity.
    public static final long READER_POSITION = 128;

    private static final long COMMITTED = 1L << 32;

    private final int capacity;
    private final SharedMemory shared;
    private final SegmentMemory memory;
    private final Descriptor socket;
    private final RingWriter ring;
    private int ticket;

    private HostileLane(int capacity, SharedMemory shared, Descriptor socket) {
        this.capacity = capacity;
        this.shared = shared;
        this.memory = new SegmentMemory(shared.segment());
        this.socket = socket;
        this.ring = new RingWriter(memory, capacity, 0);
    }

    /// Makes a lane and announces it, as an honest sender does.
    public static HostileLane announce(Descriptor announcement, int capacity) {
        Sockets.Pair pair = Sockets.pair();
        return announce(announcement, capacity, pair.first(), pair.second());
    }

    /// Makes a lane with these two sockets.
    public static HostileLane announce(Descriptor announcement, int capacity, Descriptor own,
            Descriptor receivers) {
        SharedMemory shared = SharedMemory.create(RingLayout.regionLength(capacity));
        Wire.announce(announcement, capacity, 0, List.of(receivers, shared.file()));
        receivers.close();
        return new HostileLane(capacity, shared, own);
    }

    /// Accepts a lane that the other side has announced.
    ///
    /// @param descriptors the socket and the memory file
    public static HostileLane adopt(int capacity, List<Descriptor> descriptors) {
        return new HostileLane(capacity,
                SharedMemory.adopt(descriptors.get(1), RingLayout.regionLength(capacity)),
                descriptors.get(0));
    }

    /// Ends the lane without a notice, as a dying process does.
    public void close() {
        socket.close();
        shared.close();
    }

    /// The socket on this side.
    public Descriptor socket() {
        return socket;
    }

    /// Bytes of the ring.
    public int capacity() {
        return capacity;
    }

    /// Removes the pages of the region on both sides.
    public void punchHole() {
        Libc.punchHole(shared.file(), shared.segment().byteSize());
    }

    /// The words of the region.
    public SegmentMemory memory() {
        return memory;
    }

    /// Waits until the other side has committed its first record.
    public HostileLane awaitRecord() {
        while (memory.loadAcquire(0) == 0) {
            Thread.onSpinWait();
        }
        return this;
    }

    /// Stores a word anywhere in the region.
    public void store(long offset, long value) {
        memory.storeRelease(offset, value);
    }

    /// Commits a header at the start of the ring, and rings.
    public void commit(long length, long flags, long parts) {
        store(0, parts << 40 | flags << 32 | COMMITTED | (length & 0xFFFF_FFFFL));
        Wire.ring(socket);
    }

    /// Commits a spilled record, and rings.
    ///
    /// @param descriptors of the record, the file's first
    public void spill(long id, long length, long fileCapacity, List<Descriptor> descriptors) {
        claim(3 * Long.BYTES);
        ring.putWord(0, id);
        ring.putWord(1, length);
        ring.putWord(2, fileCapacity);
        ring.commitSpilled(sendParts(descriptors), ticket);
        Wire.ring(socket);
    }

    /// Commits a retirement, and rings.
    public void retire(long... ids) {
        claim(ids.length * Long.BYTES);
        for (int i = 0; i < ids.length; i++) {
            ring.putWord(i, ids[i]);
        }
        ring.commitRetirement();
        Wire.ring(socket);
    }

    /// Sends the first half of the next message's descriptors, and gives that message up.
    public void giveUp(List<Descriptor> descriptors) {
        ticket++;
        while (!Wire.parts(socket, 0, 2, ring.position(), ticket, descriptors)) {
            Thread.onSpinWait();
        }
    }

    /// Waits until the other side has read everything.
    public void awaitRead() {
        while (memory.loadAcquire(capacity + READER_POSITION) != ring.position()) {
            Thread.onSpinWait();
        }
    }

    /// Sends a message properly.
    public void send(byte[] payload, List<Descriptor> descriptors) {
        claim(payload.length);
        ring.copyIn(0, payload, payload.length);
        ring.commit(sendParts(descriptors), ticket);
        Wire.ring(socket);
    }

    /// Sends the descriptors of the next message, in as many packets as there are lists, and not
    /// yet the message.
    public void begin(List<List<Descriptor>> packets) {
        ticket++;
        for (int i = 0; i < packets.size(); i++) {
            Wire.parts(socket, i, packets.size(), ring.position(), ticket, packets.get(i));
        }
    }

    /// Sends the message whose descriptors [#begin] has sent.
    public void finish(byte[] payload, int packets) {
        claim(payload.length);
        ring.copyIn(0, payload, payload.length);
        ring.commit(packets, ticket);
        Wire.ring(socket);
    }

    private void claim(int length) {
        if (ring.claim(length) == RingWriter.FULL) {
            throw new IllegalStateException("the ring is full");
        }
    }

    /// Sends the claimed record's descriptors and gives the number of packets.
    private int sendParts(List<Descriptor> descriptors) {
        if (descriptors.isEmpty()) {
            return 0;
        }
        ticket++;
        Wire.parts(socket, 0, 1, ring.claimedPosition(), ticket, descriptors);
        return 1;
    }
}
