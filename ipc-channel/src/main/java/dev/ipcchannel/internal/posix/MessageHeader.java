package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The `struct msghdr` of one call, in the arguments of a frame: the place of the bytes, and what
/// travels beside them. There is always room for everything that the kernel may deliver. The kernel
/// would drop what has no room inside this process's call, and the last close of a stranger's file
/// may wait.
///
/// ```text
///     0          64        80     128                              1672
///     +----------+---------+------+--------------------------------+-----
///     |  msghdr  |  iovec  |      |  cmsghdr, descriptors, others  |  the caller's
///     +----------+---------+------+--------------------------------+-----
/// ```
final class MessageHeader {

    // ssize_t sendmsg(int sockfd, const struct msghdr *msg, int flags);
    private static final MemorySegment SENDMSG = Native.symbol("sendmsg");
    // ssize_t recvmsg(int sockfd, struct msghdr *msg, int flags);
    private static final MemorySegment RECVMSG = Native.symbol("recvmsg");

    /// The most descriptors that the kernel lets one call carry (SCM_MAX_FD).
    static final int MAX_DESCRIPTORS = 253;

    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    // Comes unasked if the peer set the option on the socket.
    private static final int SCM_PIDFD = 4;
    private static final int MSG_PEEK = 0x2;
    private static final int MSG_CTRUNC = 0x8;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;

    // struct msghdr { void *name; socklen_t namelen; struct iovec *iov; size_t iovlen;
    //                 void *control; size_t controllen; int flags; };
    // musl has an int and four bytes of padding in place of a size_t: the low half is at the same
    // place, in little-endian order.
    private static final long NAME = 0;
    private static final long NAME_LENGTH = 8;
    private static final long IOV = 16;
    private static final long IOV_LENGTH = 24;
    private static final long CONTROL = 32;
    private static final long CONTROL_LENGTH = 40;
    private static final long FLAGS = 48;
    // struct iovec { void *iov_base; size_t iov_len; };
    private static final long IOVEC = 64;
    // Struct cmsghdr { size_t len; int level; int type; }; the data follows, all padded to 8 bytes.
    private static final long CMSG = 128;
    private static final long CMSG_LEVEL = 8;
    private static final long CMSG_TYPE = 12;
    private static final long CMSG_HEADER = 16;
    private static final long RIGHTS = CMSG_HEADER + ((MAX_DESCRIPTORS * Integer.BYTES + 7) & ~7);
    // Credentials, a process, a security label, a time: the options for these belong to the socket,
    // which the peer may have made, and they come before the descriptors.
    private static final long OTHERS = 512;
    private static final long CMSG_SPACE = RIGHTS + OTHERS;

    /// The length of the room for the sender's credentials, `struct ucred { pid_t pid; uid_t uid;
    /// gid_t gid; };`, and nothing else.
    static final long CREDENTIALS = CMSG_HEADER + 16;

    /// The length of the arguments that it takes, in bytes.
    static final long LENGTH = CMSG + CMSG_SPACE;

    private final Frame frame;

    MessageHeader(Frame frame) {
        this.frame = frame;
    }

    /// Sends `length` bytes with `descriptors`, which stay open here. Never waits.
    ///
    /// @return the number of bytes sent, or -1: `errno` is in the frame
    long send(Descriptor socket, long address, long length, List<Descriptor> descriptors) {
        long rights = CMSG_HEADER + (long) descriptors.size() * Integer.BYTES;
        prepare(address, length, descriptors.isEmpty() ? 0 : rights);
        frame.setLong(CMSG, rights);
        frame.setInt(CMSG + CMSG_LEVEL, SOL_SOCKET);
        frame.setInt(CMSG + CMSG_TYPE, SCM_RIGHTS);
        for (int i = 0; i < descriptors.size(); i++) {
            frame.setInt(CMSG + CMSG_HEADER + (long) i * Integer.BYTES,
                    descriptors.get(i).number());
        }
        return call(SENDMSG, socket, MSG_DONTWAIT | MSG_NOSIGNAL);
    }

    /// Receives up to `length` bytes. Never waits.
    ///
    /// @return the number of bytes received, 0 at the end, or -1: `errno` is in the frame
    long receive(Descriptor socket, long address, long length) {
        prepare(address, length, CMSG_SPACE);
        return call(RECVMSG, socket, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    }

    /// Copies up to `length` bytes and leaves them in the queue. Never waits. Of descriptors it
    /// only reports, by [#isCut], whether there are any. There is no room for them here, and
    /// because they stay in the queue, the kernel closes none for the last time.
    ///
    /// @param room for what comes beside the bytes: 0, or [#CREDENTIALS]
    /// @return the number of bytes, 0 at the end, or -1: `errno` is in the frame
    long peek(Descriptor socket, long address, long length, long room) {
        prepare(address, length, room);
        return call(RECVMSG, socket, MSG_DONTWAIT | MSG_PEEK);
    }

    private void prepare(long address, long length, long controlLength) {
        frame.setLong(NAME, 0);
        frame.setLong(NAME_LENGTH, 0);
        frame.setLong(IOV, frame.address(IOVEC));
        frame.setLong(IOV_LENGTH, 1);
        frame.setLong(CONTROL, controlLength == 0 ? 0 : frame.address(CMSG));
        frame.setLong(CONTROL_LENGTH, controlLength);
        frame.setLong(FLAGS, 0);
        frame.setLong(IOVEC, address);
        frame.setLong(IOVEC + 8, length);
    }

    private long call(MemorySegment function, Descriptor socket, int flags) {
        return Native.call(frame, function, socket.number(), frame.address(0), flags, 0, 0, 0);
    }

    /// Whether a packet was longer than the memory for it.
    boolean isTruncated() {
        return (frame.getInt(FLAGS) & MSG_TRUNC) != 0;
    }

    /// Whether more has come beside the bytes than was delivered: there was no room for it, or this
    /// process may not open more descriptors.
    boolean isCut() {
        return (frame.getInt(FLAGS) & MSG_CTRUNC) != 0;
    }

    /// Whether anything was delivered beside the bytes.
    boolean hasControl() {
        return (int) frame.getLong(CONTROL_LENGTH) != 0;
    }

    /// Adds the descriptors that came with the received bytes. The caller closes them. If there is
    /// no memory for them, they are closed, because they are off the socket for good.
    ///
    /// @param socket by which they came
    void takeDescriptors(List<Descriptor> received, Descriptor socket) {
        int earlier = received.size();
        boolean isDone = false;
        try {
            eachDescriptor(received, socket);
            isDone = true;
        } finally {
            if (!isDone) {
                while (received.size() > earlier) {
                    received.removeLast(); // all are closed below by their numbers
                }
                closeDescriptors(socket);
            }
        }
    }

    /// Closes the descriptors that came with the received bytes, without waiting for any of them.
    ///
    /// @param socket by which they came
    void closeDescriptors(Descriptor socket) {
        eachDescriptor(null, socket);
    }

    /// @param received gets the descriptors; null if they are to be closed
    private void eachDescriptor(@Nullable List<Descriptor> received, Descriptor socket) {
        long end = CMSG + (int) frame.getLong(CONTROL_LENGTH);
        long at = CMSG;
        while (at + CMSG_HEADER <= end) {
            long messageLength = (int) frame.getLong(at);
            boolean isRights = frame.getInt(at + CMSG_LEVEL) == SOL_SOCKET
                    && (frame.getInt(at + CMSG_TYPE) == SCM_RIGHTS
                            || frame.getInt(at + CMSG_TYPE) == SCM_PIDFD);
            for (long fd = at + CMSG_HEADER; isRights && fd + Integer.BYTES <= at + messageLength;
                    fd += Integer.BYTES) {
                if (received == null) {
                    socket.closer().close(frame.getInt(fd));
                } else {
                    received.add(new Descriptor(frame.getInt(fd), socket));
                }
            }
            at += Math.max(CMSG_HEADER, (messageLength + 7) & ~7L);
        }
    }
}
