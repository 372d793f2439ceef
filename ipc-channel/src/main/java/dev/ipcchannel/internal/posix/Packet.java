package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// A packet of a Unix socket, to send or as received: a few bytes and the descriptors that travel
/// with them.
///
/// Received descriptors that are not taken are closed with the packet, so none is ever lost. Never
/// waits.
public final class Packet implements AutoCloseable {

    /// The most descriptors that the kernel lets one packet carry (SCM_MAX_FD).
    public static final int MAX_DESCRIPTORS = MessageHeader.MAX_DESCRIPTORS;

    /// The longest packet that is read, in bytes; this library's are shorter, a longer one is
    /// foreign.
    public static final int MAX_LENGTH = 1024;

    private static final long BYTES = MessageHeader.LENGTH; // the offset of the bytes in the frame
    private static final long WORDS_LENGTH = 64; // of this library's packets, before any text

    /// The outcome of a send.
    public enum Sending {
        /// It is in the peer's queue.
        SENT,
        /// The queue has no room now.
        FULL,
        /// Too many descriptors of this user are in flight, in all processes together.
        TOO_MANY_IN_FLIGHT,
        /// There is no receiver any more.
        GONE
    }

    /// The result of a look at a socket.
    public enum Receiving {
        /// A packet, which this object now holds.
        PACKET,
        /// Nothing yet.
        NOTHING,
        /// Nothing, and no more packets will come.
        END
    }

    private final List<Descriptor> received = new ArrayList<>(0);
    private final Frame frame;
    private final MessageHeader header;
    private int length;
    private boolean isTruncated;
    private boolean hasDescriptors;
    private boolean hasLostDescriptors;
    private boolean isClosed;

    public Packet() {
        frame = Frame.borrow(); // last: no later line may fail
        header = frame.header();
        forget();
    }

    /// The packet of a frame.
    Packet(Frame frame) {
        this.frame = frame;
        this.header = frame.header();
    }

    /// A packet like a new one, usually without an allocation: it may be another caller's once it
    /// is closed.
    public static Packet borrow() {
        Frame frame = Frame.borrow();
        Packet packet = null;
        try {
            packet = frame.packet();
        } finally {
            if (packet == null) {
                frame.close();
            }
        }
        packet.length = 0;
        packet.isTruncated = false;
        packet.hasDescriptors = false;
        packet.hasLostDescriptors = false;
        packet.isClosed = false;
        packet.forget();
        return packet;
    }

    private void forget() {
        // Bytes of an earlier call in the frame are not for another process.
        for (long offset = 0; offset < WORDS_LENGTH; offset += Long.BYTES) {
            frame.setLong(BYTES + offset, 0);
        }
    }

    /// Sets a byte of the packet to send, and extends it to that byte.
    public Packet putByte(int offset, int value) {
        frame.arguments().set(ValueLayout.JAVA_BYTE, BYTES + offset, (byte) value);
        length = Math.max(length, offset + 1);
        return this;
    }

    /// Sets a word of the packet to send.
    public Packet putLong(int offset, long value) {
        frame.setLong(BYTES + offset, value);
        length = Math.max(length, offset + Long.BYTES);
        return this;
    }

    /// Sets bytes of the packet to send, which ends with them.
    public Packet putBytes(int offset, byte[] bytes) {
        if (offset + bytes.length > MAX_LENGTH) {
            throw new IllegalArgumentException("a packet has at most %d bytes: length=%d"
                    .formatted(MAX_LENGTH, offset + bytes.length));
        }
        MemorySegment.copy(bytes, 0, frame.arguments(), ValueLayout.JAVA_BYTE, BYTES + offset,
                bytes.length);
        length = offset + bytes.length;
        return this;
    }

    /// The bytes of the received packet, from `offset` to its end.
    public byte[] getBytes(int offset) {
        int end = Math.min(length, MAX_LENGTH);
        return frame.arguments().asSlice(BYTES + offset, Math.max(0, end - offset))
                .toArray(ValueLayout.JAVA_BYTE);
    }

    /// A byte of the received packet.
    public int getByte(int offset) {
        return frame.arguments().get(ValueLayout.JAVA_BYTE, BYTES + offset) & 0xFF;
    }

    /// A word of the received packet.
    public long getLong(int offset) {
        return frame.getLong(BYTES + offset);
    }

    /// The length of the packet in bytes.
    public int length() {
        return length;
    }

    /// Whether the received packet was longer than [#MAX_LENGTH].
    public boolean isTruncated() {
        return isTruncated;
    }

    /// Whether anything comes with the packet, received or looked at: descriptors, or other data
    /// that the socket is set to add.
    public boolean hasDescriptors() {
        return hasDescriptors;
    }

    /// Whether the kernel could not deliver all descriptors of the received packet, because this
    /// process may not open more.
    public boolean hasLostDescriptors() {
        return hasLostDescriptors;
    }

    /// The received descriptors. The caller closes them.
    public List<Descriptor> takeDescriptors() {
        List<Descriptor> taken = List.copyOf(received); // if it fails, all of them are still here
        received.clear();
        return taken;
    }

    /// Sends the packet with `descriptors`, at most [#MAX_DESCRIPTORS]; they stay open here.
    public Sending send(Descriptor socket, List<Descriptor> descriptors) {
        if (header.send(socket, frame.address(BYTES), length, descriptors) >= 0) {
            return Sending.SENT;
        }
        return switch (frame.errno()) {
            case Errno.EAGAIN -> Sending.FULL;
            case Errno.ETOOMANYREFS -> Sending.TOO_MANY_IN_FLIGHT;
            case Errno.EPIPE, Errno.ECONNRESET -> Sending.GONE;
            default -> throw frame.failure("sendmsg", "fd=%d, length=%d, descriptors=%d"
                    .formatted(socket.number(), length, descriptors.size()));
        };
    }

    /// Looks at the next packet of the socket's queue and leaves it there: its bytes, and whether
    /// descriptors come with it. None is opened. The former contents of this object are dropped,
    /// their descriptors closed.
    public Receiving peek(Descriptor socket) {
        Receiving found = receive(socket, true);
        hasLostDescriptors = false; // they are in the queue
        return found;
    }

    /// Takes the next packet off the socket's queue. The former contents of this object are
    /// dropped, their descriptors closed.
    public Receiving receive(Descriptor socket) {
        return receive(socket, false);
    }

    private Receiving receive(Descriptor socket, boolean isPeek) {
        closeReceived();
        hasDescriptors = false;
        hasLostDescriptors = false;
        while (true) {
            long bytes = frame.address(BYTES);
            long count = isPeek ? header.peek(socket, bytes, MAX_LENGTH, 0)
                    : header.receive(socket, bytes, MAX_LENGTH);
            if (count >= 0) {
                return received(socket, (int) count);
            }
            switch (frame.errno()) {
                // ECONNRESET is reported once, if the peer closed with packets unread; the peer's
                // packets come after it.
                case Errno.ECONNRESET -> { /* again */ }
                case Errno.EAGAIN -> {
                    return Receiving.NOTHING;
                }
                default -> throw frame.failure("recvmsg", "fd=" + socket.number());
            }
        }
    }

    private Receiving received(Descriptor socket, int count) {
        length = count;
        isTruncated = header.isTruncated();
        header.takeDescriptors(received, socket);
        hasLostDescriptors = header.isCut();
        hasDescriptors = hasLostDescriptors || !received.isEmpty();
        if (count > 0) {
            return Receiving.PACKET;
        }
        // This library sends no empty packet, so this is the end, or a peer that harms only itself;
        // an empty packet with descriptors may be an attack.
        closeReceived();
        return Receiving.END;
    }

    private void closeReceived() {
        Descriptor.closeAll(received);
        received.clear();
    }

    /// Closes the descriptors that were not taken, and gives the memory back. The second and later
    /// closes do nothing.
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            closeReceived();
        } finally {
            frame.close();
        }
    }
}
