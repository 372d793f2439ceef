package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// One packet of a Unix socket, to send or as received: a few bytes and the descriptors that travel
/// with them.
///
/// Descriptors received and not taken are closed with the packet, so none is ever lost. Never
/// waits.
public final class Packet implements AutoCloseable {

    /// The most descriptors that the kernel lets one packet carry (SCM_MAX_FD).
    public static final int MAX_DESCRIPTORS = MessageHeader.MAX_DESCRIPTORS;

    /// The longest packet that is read, in bytes; ours are shorter, a longer one is somebody
    /// else's.
    public static final int MAX_LENGTH = 1024;

    private static final long BYTES = MessageHeader.LENGTH; // where they lie in the frame
    private static final long WORDS_LENGTH = 64; // what ours have before any text

    /// The outcome of sending a packet.
    public enum Sending {
        /// It is in the peer's queue.
        SENT,
        /// The queue has no room now.
        FULL,
        /// Too many descriptors of this user are on their way, in all processes together.
        TOO_MANY_IN_FLIGHT,
        /// There is no receiver any more.
        GONE
    }

    /// The state of a socket at a look.
    public enum Receiving {
        /// A packet, which this object now holds.
        PACKET,
        /// Nothing yet.
        NOTHING,
        /// Nothing, and nothing more will come.
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
        frame = Frame.borrow(); // last: nothing that may fail comes after it
        header = frame.header();
        forget();
    }

    /// A frame's own.
    Packet(Frame frame) {
        this.frame = frame;
        this.header = frame.header();
    }

    /// A packet as a new one is, without the heap's help most times: it is another's once it is
    /// closed.
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
        // What an earlier call left in the frame is no business of another process.
        for (long offset = 0; offset < WORDS_LENGTH; offset += Long.BYTES) {
            frame.setLong(BYTES + offset, 0);
        }
    }

    /// Sets a byte of the packet to send, which reaches at least that far.
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

    /// The bytes of the packet received from `offset` to its end.
    public byte[] getBytes(int offset) {
        int end = Math.min(length, MAX_LENGTH);
        return frame.arguments().asSlice(BYTES + offset, Math.max(0, end - offset))
                .toArray(ValueLayout.JAVA_BYTE);
    }

    /// A byte of the packet received.
    public int getByte(int offset) {
        return frame.arguments().get(ValueLayout.JAVA_BYTE, BYTES + offset) & 0xFF;
    }

    /// A word of the packet received.
    public long getLong(int offset) {
        return frame.getLong(BYTES + offset);
    }

    /// Bytes of the packet.
    public int length() {
        return length;
    }

    /// Whether the packet received was longer than [#MAX_LENGTH].
    public boolean isTruncated() {
        return isTruncated;
    }

    /// Whether something comes with the packet, received or looked at: descriptors, or what else
    /// the socket is set to add.
    public boolean hasDescriptors() {
        return hasDescriptors;
    }

    /// Whether the kernel could not deliver all descriptors of the packet received, because this
    /// process may not have more.
    public boolean hasLostDescriptors() {
        return hasLostDescriptors;
    }

    /// The descriptors received. Whoever takes them closes them.
    public List<Descriptor> takeDescriptors() {
        List<Descriptor> taken = List.copyOf(received); // fails with all of them here still
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
    /// descriptors come with it. None is opened. What this object held before is gone, descriptors
    /// closed.
    public Receiving peek(Descriptor socket) {
        Receiving found = receive(socket, true);
        hasLostDescriptors = false; // they are in the queue
        return found;
    }

    /// Takes the next packet off the socket's queue. What this object held before is gone,
    /// descriptors closed.
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
                // ECONNRESET is said once, when the peer went with packets unread; ours come after
                // it.
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
        // We send no empty packet, so this is the end, or a peer that harms itself; with
        // descriptors along it may try to harm us.
        closeReceived();
        return Receiving.END;
    }

    private void closeReceived() {
        Descriptor.closeAll(received);
        received.clear();
    }

    /// Closes the descriptors that nobody took, and gives the memory back. The second and later
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
