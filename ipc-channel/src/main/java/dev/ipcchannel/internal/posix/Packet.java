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

    // ssize_t sendmsg(int sockfd, const struct msghdr *msg, int flags);
    private static final MemorySegment SENDMSG = Native.symbol("sendmsg");
    // ssize_t recvmsg(int sockfd, struct msghdr *msg, int flags);
    private static final MemorySegment RECVMSG = Native.symbol("recvmsg");

    /// The most descriptors that the kernel lets one packet carry (SCM_MAX_FD).
    public static final int MAX_DESCRIPTORS = 253;

    /// The longest packet that is read, in bytes; ours are shorter, a longer one is somebody
    /// else's.
    public static final int MAX_LENGTH = 1024;

    private static final long WORDS_LENGTH = 64; // what ours have before any text

    /// What became of a packet sent.
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

    /// What a socket had.
    public enum Receiving {
        /// A packet, which this object now holds.
        PACKET,
        /// Nothing yet.
        NOTHING,
        /// Nothing, and nothing more will come.
        END
    }

    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int SCM_PIDFD = 4; // comes unasked where the peer made the socket so
    private static final int MSG_PEEK = 0x2;
    private static final int MSG_CTRUNC = 0x8;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;

    // struct msghdr { void *name; socklen_t namelen; struct iovec *iov; size_t iovlen;
    //                 void *control; size_t controllen; int flags; };
    // Where musl has an int and four bytes of padding for a size_t, the low half is the same place:
    // little-endian.
    private static final long NAME = 0;
    private static final long NAME_LENGTH = 8;
    private static final long IOV = 16;
    private static final long IOV_LENGTH = 24;
    private static final long CONTROL = 32;
    private static final long CONTROL_LENGTH = 40;
    private static final long FLAGS = 48;
    // struct iovec { void *iov_base; size_t iov_len; };
    private static final long IOVEC = 64;
    // struct cmsghdr { size_t len; int level; int type; }; the data follows, everything padded to 8
    // bytes
    private static final long CMSG = 128;
    private static final long CMSG_LEVEL = 8;
    private static final long CMSG_TYPE = 12;
    private static final long CMSG_HEADER = 16;
    // With room for what a socket may be set to add: credentials, a label, a descriptor of the
    // sending process. Descriptors for which there is no room would be closed by the kernel, here.
    private static final long CMSG_SPACE =
            CMSG_HEADER + (MAX_DESCRIPTORS * Integer.BYTES + 7 & ~7) + 512;
    // struct ucred { pid_t pid; uid_t uid; gid_t gid; };
    private static final long CREDENTIALS_SPACE = CMSG_HEADER + 16;
    private static final long BYTES = CMSG + CMSG_SPACE;

    private final Frame frame = Frame.borrow();
    private final List<Descriptor> received = new ArrayList<>(0);
    private int length;
    private boolean isTruncated;
    private boolean hasLostDescriptors;

    public Packet() {
        // What an earlier call left in the frame is no business of another process.
        frame.arguments().asSlice(BYTES, WORDS_LENGTH).fill((byte) 0);
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

    /// Whether the kernel could not deliver all of the packet's descriptors, because this process
    /// may not have more.
    public boolean hasLostDescriptors() {
        return hasLostDescriptors;
    }

    /// The descriptors received. Whoever takes them closes them.
    public List<Descriptor> takeDescriptors() {
        List<Descriptor> taken = List.copyOf(received);
        received.clear();
        return taken;
    }

    /// Sends the packet with `descriptors`, at most [#MAX_DESCRIPTORS]; they stay open here.
    public Sending send(Descriptor socket, List<Descriptor> descriptors) {
        prepare(length, descriptors.isEmpty() ? 0
                : CMSG_HEADER + (long) descriptors.size() * Integer.BYTES);
        frame.setLong(CMSG, CMSG_HEADER + (long) descriptors.size() * Integer.BYTES);
        frame.setInt(CMSG + CMSG_LEVEL, SOL_SOCKET);
        frame.setInt(CMSG + CMSG_TYPE, SCM_RIGHTS);
        for (int i = 0; i < descriptors.size(); i++) {
            frame.setInt(CMSG + CMSG_HEADER + (long) i * Integer.BYTES,
                    descriptors.get(i).number());
        }
        if (call(SENDMSG, socket, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
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
        return receive(socket, MSG_PEEK, 0);
    }

    /// The same on a socket that gives the credentials of whoever sent a packet: there an empty packet
    /// is a packet, and no end.
    Receiving peekMarked(Descriptor socket) {
        Receiving found = receive(socket, MSG_PEEK, CREDENTIALS_SPACE);
        boolean isMarked = (int) frame.getLong(CONTROL_LENGTH) != 0;
        return found == Receiving.END && isMarked ? Receiving.PACKET : found;
    }

    /// Whether something comes with the packet that [#peek] has found: descriptors, or whatever else
    /// the socket was set to add.
    public boolean hasCompany() {
        return hasLostDescriptors;
    }

    /// Takes the next packet off the socket's queue. What this object held before is gone,
    /// descriptors closed.
    public Receiving receive(Descriptor socket) {
        return receive(socket, 0, CMSG_SPACE);
    }

    private Receiving receive(Descriptor socket, int flag, long space) {
        closeReceived();
        prepare(MAX_LENGTH, space);
        while (true) {
            long count = call(RECVMSG, socket, flag | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
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
        int flags = frame.getInt(FLAGS);
        isTruncated = (flags & MSG_TRUNC) != 0;
        hasLostDescriptors = (flags & MSG_CTRUNC) != 0;
        collectDescriptors(socket);
        if (count > 0) {
            return Receiving.PACKET;
        }
        // We send no empty packet, so this is the end, or a peer that harms itself; with descriptors
        // along it may try to harm us.
        closeReceived();
        return Receiving.END;
    }

    private long call(MemorySegment function, Descriptor socket, int flags) {
        return Native.call(frame, function, socket.number(), frame.address(0), flags, 0, 0, 0);
    }

    private void prepare(long byteCount, long controlLength) {
        frame.setLong(NAME, 0);
        frame.setLong(NAME_LENGTH, 0);
        frame.setLong(IOV, frame.address(IOVEC));
        frame.setLong(IOV_LENGTH, 1);
        frame.setLong(CONTROL, controlLength == 0 ? 0 : frame.address(CMSG));
        frame.setLong(CONTROL_LENGTH, controlLength);
        frame.setLong(FLAGS, 0);
        frame.setLong(IOVEC, frame.address(BYTES));
        frame.setLong(IOVEC + 8, byteCount);
    }

    private void collectDescriptors(Descriptor socket) {
        long end = CMSG + (int) frame.getLong(CONTROL_LENGTH);
        long at = CMSG;
        while (at + CMSG_HEADER <= end) {
            long messageLength = (int) frame.getLong(at);
            boolean isRights = frame.getInt(at + CMSG_LEVEL) == SOL_SOCKET
                    && (frame.getInt(at + CMSG_TYPE) == SCM_RIGHTS
                            || frame.getInt(at + CMSG_TYPE) == SCM_PIDFD);
            for (long fd = at + CMSG_HEADER; isRights && fd + Integer.BYTES <= at + messageLength;
                    fd += Integer.BYTES) {
                received.add(new Descriptor(frame.getInt(fd), socket));
            }
            at += Math.max(CMSG_HEADER, messageLength + 7 & ~7L);
        }
    }

    private void closeReceived() {
        Descriptor.closeAll(received);
        received.clear();
    }

    /// Closes the descriptors that nobody took, and gives the memory back.
    @Override
    public void close() {
        closeReceived();
        frame.close();
    }
}
