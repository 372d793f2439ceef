package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RecordHeader;
import dev.ipcchannel.internal.ring.RingLayout;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.ring.SegmentMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// This process's own lane into a channel: a ring that it alone writes, and the socket beside it.
///
/// Used by one thread at a time; its [Outbox] sees to that. Only [#onSignal] comes from elsewhere.
final class OutboundLane implements Watcher.Watched {

    /// Packets with descriptors that may be on their way at once, so that bells always find room in
    /// the queue.
    static final int MAX_UNREAD_PARTS = RecordHeader.MAX_PARTS;

    private static final int MAX_PACKETS_A_LOOK = 512; // a socket's queue holds 278

    private final int capacity;
    private final SharedMemory memory;
    private final Descriptor socket;
    private final RingWriter ring;
    private final long watch;
    // The positions of their records.
    private final ArrayDeque<Long> unreadParts = new ArrayDeque<>(0);
    private int ticket;
    private @Nullable Arena viewArena;
    private @Nullable MemorySegment view;
    private volatile boolean isReceiverGone; // set by the watcher, or here where a call says so

    private OutboundLane(int capacity, SharedMemory memory, Descriptor socket) {
        this.capacity = capacity;
        this.memory = memory;
        this.socket = socket;
        this.ring = new RingWriter(new SegmentMemory(memory.segment()), capacity, 0);
        this.watch = Watcher.instance().watch(socket, false, this);
    }

    /// Makes a lane and announces it.
    ///
    /// @return null if the announcement socket has no room now
    /// @throws LaneException if the channel's receiver is gone
    static @Nullable OutboundLane open(Descriptor announcement, int capacity) {
        SharedMemory memory = SharedMemory.create(RingLayout.regionLength(capacity));
        try {
            Sockets.Pair pair = Sockets.pair();
            // Closed here once the packet holds it: a copy kept would hide the receiver's end.
            try (Descriptor receiversEnd = pair.second()) {
                return announce(announcement, capacity, memory, pair.first(), receiversEnd);
            }
        } catch (RuntimeException failure) {
            memory.close();
            throw failure;
        }
    }

    private static @Nullable OutboundLane announce(Descriptor announcement, int capacity,
            SharedMemory memory,
            Descriptor socket, Descriptor receiversEnd) {
        boolean isOpen = false;
        try {
            Packet.Sending sending =
                    LanePacket.announce(announcement, capacity, 0, memory.file(), receiversEnd);
            if (sending == Packet.Sending.FULL) {
                memory.close();
                return null;
            }
            checkSent(sending);
            OutboundLane lane = new OutboundLane(capacity, memory, socket);
            isOpen = true;
            // The mapping stays; only the receiver, which may move, needs the file.
            memory.file().close();
            return lane;
        } finally {
            if (!isOpen) {
                socket.close();
            }
        }
    }

    /// Sends one message whole, or nothing.
    ///
    /// @return false if the ring has no room, or too many descriptors are still unread
    boolean offer(byte[] payload, int length, List<Descriptor> descriptors) {
        checkReceiver();
        int parts = partsOf(descriptors.size());
        if (hasTooManyParts(parts) || ring.claim(length) == RingWriter.FULL) {
            return false;
        }
        ring.copyIn(payload, 0, length);
        if (parts > 0) {
            sendParts(descriptors, parts);
        }
        commit(parts);
        return true;
    }

    /// Reserves room for a payload to be written in place and gives its index in [#view], or
    /// [RingWriter#FULL].
    long claim(int length) {
        checkReceiver();
        return ring.claim(length);
    }

    boolean isClaimed() {
        return ring.isClaimed();
    }

    /// Shows the claimed record to the receiver and wakes it if it sleeps.
    void commit(int parts) {
        ring.commit(parts, ticket);
        long sleep = ring.readerToWake();
        if (sleep != 0) {
            ring.rung(sleep);
            if (!Sockets.ring(socket, LanePacket.BELL)) {
                isReceiverGone = true; // committed, and never read: the next send says so
            }
        }
    }

    void abort() {
        ring.abort();
    }

    /// The ring's data for in-place writing. Closed with the lane, so that a view kept too long
    /// fails cleanly.
    MemorySegment view() {
        MemorySegment current = view;
        if (current == null) {
            Arena arena = Arena.ofShared();
            current = memory.guarded(capacity, arena);
            viewArena = arena;
            view = current;
        }
        return current;
    }

    /// Whether a message of this length, with so many descriptors, might go now, or the receiver is
    /// gone. Sends nothing.
    boolean isReady(int length, int descriptors) {
        if (isReceiverGone || ring.isReaderClosed()) {
            return true;
        }
        return !hasTooManyParts(partsOf(descriptors)) && ring.hasRoom(length);
    }

    /// Says that the writer sleeps until there is room for the message; [#disarm] follows in either
    /// case.
    ///
    /// @return whether sleeping is safe
    boolean arm(PollSet set, int length, int descriptors) {
        set.clear();
        set.add(socket, PollSet.READABLE);
        int parts = partsOf(descriptors);
        boolean isFull = hasTooManyParts(parts)
                ? ring.armUntil(positionPastPart(unreadParts.size() + parts - MAX_UNREAD_PARTS))
                : ring.arm(length);
        return isFull && !isReceiverGone && !ring.isReaderClosed();
    }

    /// Says that the writer is awake, and takes the bells off the socket if it is ready.
    void disarm(boolean isSocketReady) {
        ring.disarm();
        if (!isSocketReady) {
            return;
        }
        try (Packet packet = new Packet()) {
            Packet.Receiving receiving = packet.receive(socket);
            // Whatever it says, it is a reason to look; a flood of it must not keep us.
            for (int i = 1; receiving == Packet.Receiving.PACKET && i < MAX_PACKETS_A_LOOK; i++) {
                receiving = packet.receive(socket);
            }
            if (receiving == Packet.Receiving.END) {
                isReceiverGone = true;
            }
        }
    }

    /// How many packets a message with so many descriptors takes.
    static int partsOf(int descriptors) {
        return (descriptors + Packet.MAX_DESCRIPTORS - 1) / Packet.MAX_DESCRIPTORS;
    }

    @Override
    public void onSignal() {
        isReceiverGone = true;
    }

    boolean isReceiverGone() {
        return isReceiverGone || ring.isReaderClosed();
    }

    /// Ends the lane in order: what was committed stays to be read.
    void close() {
        Watcher.instance().unwatch(socket, watch);
        ring.close();
        Sockets.shutdown(socket);
        socket.close();
        Views.close(viewArena, memory);
    }

    private void checkReceiver() {
        if (ring.isReaderClosed()) {
            throw receiverGone("the receiver was closed");
        }
        if (isReceiverGone) {
            throw receiverGone("the receiver's process has ended");
        }
    }

    private void sendParts(List<Descriptor> descriptors, int parts) {
        ticket++;
        long position = ring.position();
        for (int part = 0; part < parts; part++) {
            int from = part * Packet.MAX_DESCRIPTORS;
            int to = Math.min(descriptors.size(), from + Packet.MAX_DESCRIPTORS);
            Packet.Sending sending =
                    LanePacket.parts(socket, part, parts, position, ticket & 0xFFFF,
                            descriptors.subList(from, to));
            if (sending != Packet.Sending.SENT) {
                // The reader knows the parts sent so far by their ticket, and closes them.
                ring.abort();
                checkSent(sending);
            }
            unreadParts.add(position);
        }
    }

    /// Whether so many more packets would be too many on their way.
    private boolean hasTooManyParts(int more) {
        if (more == 0) {
            return false;
        }
        long read = ring.refreshReaderPosition();
        while (!unreadParts.isEmpty() && read - unreadParts.getFirst() > 0) {
            unreadParts.removeFirst();
        }
        return unreadParts.size() + more > MAX_UNREAD_PARTS;
    }

    private long positionPastPart(int count) {
        long position = ring.position();
        int left = count;
        for (long part : unreadParts) {
            position = part;
            if (--left == 0) {
                break;
            }
        }
        return position + RecordHeader.ALIGNMENT; // past the shortest record that starts there
    }

    private static LaneException receiverGone(String how) {
        return new LaneException(LaneException.Kind.DISCONNECTED, how);
    }

    private static void checkSent(Packet.Sending sending) {
        switch (sending) {
            case SENT -> { /* as it should be */ }
            case GONE ->
                    throw receiverGone("the receiver was closed, or its process has ended");
            case FULL -> throw new LaneException(LaneException.Kind.EXHAUSTED,
                    "a lane's socket has no room for "
                            + "descriptors: let its receiver take up what was sent to it");
            case TOO_MANY_IN_FLIGHT -> throw new LaneException(LaneException.Kind.EXHAUSTED,
                    "too many descriptors of this user are on their way between processes: "
                            + "let receivers take up what was sent to them, or raise ulimit -n");
        }
    }
}
