package dev.ipcchannel.internal.posix;

import dev.ipcchannel.internal.base.Deadline;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The Unix sockets that keep packets apart (SOCK_SEQPACKET), closed on exec.
///
/// Longer than most files: the ways to make, query and close a socket are in one place.
public final class Sockets {

    // int socketpair(int domain, int type, int protocol, int sv[2]);
    private static final MemorySegment SOCKETPAIR = Native.symbol("socketpair");
    // int socket(int domain, int type, int protocol);
    private static final MemorySegment SOCKET = Native.symbol("socket");
    // int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen);
    private static final MemorySegment BIND = Native.symbol("bind");
    // int listen(int sockfd, int backlog);
    private static final MemorySegment LISTEN = Native.symbol("listen");
    // int accept4(int sockfd, struct sockaddr *addr, socklen_t *addrlen, int flags);
    private static final MemorySegment ACCEPT4 = Native.symbol("accept4");
    // int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen);
    private static final MemorySegment CONNECT = Native.symbol("connect");
    // int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen);
    private static final MemorySegment GETSOCKOPT = Native.symbol("getsockopt");
    // int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen);
    private static final MemorySegment SETSOCKOPT = Native.symbol("setsockopt");
    // int getpeername(int sockfd, struct sockaddr *addr, socklen_t *addrlen);
    private static final MemorySegment GETPEERNAME = Native.symbol("getpeername");
    // ssize_t send(int sockfd, const void *buf, size_t len, int flags);
    static final MemorySegment SEND = Native.symbol("send");
    // int shutdown(int sockfd, int how);
    private static final MemorySegment SHUTDOWN = Native.symbol("shutdown");

    /// The longest path of a socket, in bytes: `sun_path` has 108, the last is zero.
    public static final int MAX_PATH = 107;

    /// The number for an unknown process: see [#peerProcess].
    public static final long UNKNOWN_PROCESS = 0;

    /// The most unaccepted connections that a listener has at once.
    public static final int MAX_UNACCEPTED = 129;

    private static final int AF_UNIX = 1;
    static final int SOCK_STREAM = 1;
    private static final int SOCK_SEQPACKET = 5;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SHUT_RD = 0;
    private static final int SHUT_RDWR = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_TYPE = 3;
    private static final int SO_OOBINLINE = 10;
    private static final int SO_PASSCRED = 16;
    private static final int SO_PEERCRED = 17;
    private static final int SO_COOKIE = 57;
    private static final int SO_PEERPIDFD = 77;
    private static final long PIDFS_MAGIC = 0x50494446;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int BACKLOG = MAX_UNACCEPTED - 1; // Linux admits one more
    private static final int MAX_UNREAD = 64; // packets or pieces taken off a socket at its end
    private static final long RETRY_NANOS = 1_000_000;

    // struct sockaddr_un { sa_family_t sun_family; char sun_path[108]; };
    private static final long PATH = 2;

    /// Two connected sockets.
    public record Pair(Descriptor first, Descriptor second) {}

    /// The process at the other end, as the kernel noted it at the connection.
    public record Credentials(int pid, int uid) {}

    /// The kernel's identity of a socket, the same for all its descriptors.
    ///
    /// @param cookie a number that no other socket of its network namespace has had
    /// @param inode another number, that no other open socket has
    public record Identity(long cookie, long inode) {}

    private Sockets() {}

    /// Makes two sockets connected to each other.
    public static Pair pair() {
        return pair(SOCK_SEQPACKET);
    }

    private static String shown(int kind) {
        return "type=" + (kind == SOCK_STREAM ? "SOCK_STREAM" : "SOCK_SEQPACKET");
    }

    static Pair pair(int kind) {
        Pair pair = new Pair(Descriptor.toBe(), Descriptor.toBe());
        try (Frame frame = Frame.borrow()) {
            int type = kind | SOCK_CLOEXEC;
            if ((int) Native.call(frame, SOCKETPAIR, AF_UNIX, type, 0, frame.address(0), 0, 0)
                    < 0) {
                throw frame.failure("socketpair", shown(kind));
            }
            pair.first.is(frame.getInt(0));
            pair.second.is(frame.getInt(4));
            return pair;
        }
    }

    /// Sends one byte. A full queue counts as sent: a sleeping thread has an event to wake for
    /// anyway.
    ///
    /// @return false if there is no receiver any more
    /// @return false if there is no receiver any more
    public static boolean ring(Descriptor socket, int value) {
        try (Frame frame = Frame.borrow()) {
            frame.setLong(0, value);
            int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
            long sent = Native.call(frame, SEND, socket.number(), frame.address(0), 1, flags, 0, 0);
            if (sent < 0 && frame.errno() != Errno.EAGAIN) {
                if (frame.errno() == Errno.EPIPE || frame.errno() == Errno.ECONNRESET) {
                    return false;
                }
                throw frame.failure("send", "fd=" + socket.number());
            }
            return true;
        }
    }

    /// Ends both directions, for every process that has this socket or its peer: threads that wait
    /// on either are woken.
    public static void shutdown(Descriptor socket) {
        try (Frame frame = Frame.borrow()) {
            // Fails only if both have ended.
            Native.call(frame, SHUTDOWN, socket.number(), SHUT_RDWR, 0, 0, 0, 0);
        }
    }

    /// Lets nothing more come to this side, from any process: each later send to it fails. This
    /// side may send, and its peer sees no change. What is in its queue can still be read.
    public static void silence(Descriptor socket) {
        try (Frame frame = Frame.borrow()) {
            // Fails only if it has ended.
            Native.call(frame, SHUTDOWN, socket.number(), SHUT_RD, 0, 0, 0, 0);
        }
    }

    /// Closes a channel's socket that only this process has, and ends it in both directions. Waits
    /// for the close for a moment, so that a verb has closed the descriptor when it returns, see
    /// [Closer#settle].
    public static void end(Descriptor socket) {
        hangUp(socket);
        socket.closer().settle();
    }

    /// Closes a connection, of packets or a stream, that only this process has, and ends it in both
    /// directions. Does not wait for the close, because threads that serve many peers call it.
    public static void hangUp(Descriptor connection) {
        if (!connection.isClosed()) {
            shutdown(connection); // first: nothing more comes
            drop(connection);
        }
    }

    /// Closes this process's descriptor of a socket by which others may still send, and on which no
    /// process reads: the writing end of a channel. From now on nothing can come to it, in any
    /// process. So it is closed in place, unless a process has put descriptors there, and its peer
    /// sees the end once the last descriptor of it is closed.
    public static void leave(Descriptor socket) {
        if (!socket.isClosed()) {
            silence(socket); // first: nothing more comes
            drop(socket);
            socket.closer().settle();
        }
    }

    /// Closes this process's descriptor of a socket that another process reads from now on. What
    /// comes is for that process, until this descriptor is the last one: so the closer always does
    /// it.
    public static void handOn(Descriptor socket) {
        socket.closeLater();
        socket.closer().settle();
    }

    /// Closes a socket to which nothing more can come, with its unread packets: in place if these
    /// are known to have no descriptors, whose last close may wait.
    private static void drop(Descriptor socket) {
        boolean isEmptied = false;
        try {
            isEmptied = isEmptied(socket);
        } catch (OutOfMemoryError _) {
            // No chunk is available: it is closed without a look.
        } finally {
            if (isEmptied) {
                socket.closeNow();
            } else {
                socket.closeLater();
            }
        }
    }

    /// Takes everything off the queue of a socket to which nothing more can come.
    ///
    /// @return false if there are descriptors, or too many packets: these stay
    private static boolean isEmptied(Descriptor socket) {
        boolean isStream = option(socket, SO_TYPE) == SOCK_STREAM;
        if (!isStream) {
            // Adds credentials to an empty packet, which distinguishes it from the end.
            setOption(socket, SO_PASSCRED, 1);
        }
        Chunk chunk = Chunk.borrow();
        try {
            Chunk.Receiving found = Chunk.Receiving.BYTES;
            for (int i = 0; found == Chunk.Receiving.BYTES && i < MAX_UNREAD; i++) {
                found = chunk.drop(socket, isStream);
            }
            return found == Chunk.Receiving.END;
        } catch (PosixException _) { // not a socket of this library
            return false;
        } finally {
            chunk.giveBack();
        }
    }

    private static void setOption(Descriptor socket, int name, int value) {
        try (Frame frame = Frame.borrow()) {
            frame.setInt(0, value);
            Native.call(frame, SETSOCKOPT, socket.number(), SOL_SOCKET, name, frame.address(0),
                    Integer.BYTES, 0);
        }
    }

    /// Closes a listener that only this process has, and hangs up on the clients in its queue.
    public static void endListener(Descriptor listener) {
        endListener(listener, _ -> {});
    }

    /// The same, with a last word to each of those, which must not wait.
    public static void endListener(Descriptor listener, Consumer<Descriptor> word) {
        shutdown(listener); // first: no more connections come
        boolean isEmpty = false;
        try {
            for (int i = 0; i <= MAX_UNACCEPTED && !isEmpty; i++) {
                Descriptor connection = accept(listener);
                isEmpty = connection == null; // and remains so
                if (connection != null) {
                    endUnseen(connection, word);
                }
            }
        } catch (PosixException failure) {
            isEmpty = failure.errno() == Errno.EINVAL; // the answer of some kernels
        } finally {
            closeListener(listener, isEmpty);
        }
    }

    private static void endUnseen(Descriptor connection, Consumer<Descriptor> word) {
        try {
            word.accept(connection);
        } finally {
            hangUp(connection);
        }
    }

    private static void closeListener(Descriptor listener, boolean isEmpty) {
        if (isEmpty) {
            listener.close();
        } else { // no descriptor or no heap is left: the queue is closed with it
            listener.closeLater();
        }
    }

    /// Listens at `path`, which does not exist yet. [#accept] then never waits.
    public static Descriptor listen(String path) {
        return listen(SOCK_SEQPACKET, path);
    }

    static Descriptor listen(int kind, String path) {
        try (Frame frame = Frame.borrow()) {
            Descriptor socket = create(frame, kind);
            try {
                if ((int) Native.call(frame, BIND, socket.number(), address(frame, path),
                        PATH + pathLength(path) + 1,
                        0, 0, 0) < 0) {
                    throw frame.failure("bind", "path=" + path);
                }
                if ((int) Native.call(frame, LISTEN, socket.number(), BACKLOG, 0, 0, 0, 0) < 0) {
                    throw frame.failure("listen", "path=" + path);
                }
                return socket;
            } catch (RuntimeException | Error failure) {
                socket.close();
                throw failure;
            }
        }
    }

    /// The next waiting connection, or null.
    public static @Nullable Descriptor accept(Descriptor listener) {
        Descriptor accepted = Descriptor.toBeAccepted();
        try (Frame frame = Frame.borrow()) {
            int fd = (int) Native.call(frame, ACCEPT4, listener.number(), 0, 0,
                    SOCK_CLOEXEC | SOCK_NONBLOCK, 0, 0);
            if (fd >= 0) {
                Descriptor connection = accepted.is(fd);
                readUrgentInline(connection);
                return connection;
            }
            return switch (frame.errno()) {
                // ECONNABORTED: the connected process has closed again.
                case Errno.EAGAIN, Errno.ECONNABORTED -> null;
                default -> throw frame.failure("accept4", "fd=" + listener.number());
            };
        }
    }

    /// Connects to a listener. Waits only while its queue of unaccepted connections is full; an
    /// interrupt does not end that wait.
    ///
    /// @throws PosixException if there is no listener (ECONNREFUSED, ENOENT), or if the queue is
    /// full up to the deadline (EAGAIN)
    public static Descriptor connect(String path, Deadline deadline) {
        try (Frame frame = Frame.borrow()) {
            Descriptor socket = create(frame, SOCK_SEQPACKET);
            try {
                connect(frame, socket, path, deadline);
                return socket;
            } catch (RuntimeException | Error failure) {
                socket.close();
                throw failure;
            }
        }
    }

    static boolean connect(Frame frame, Descriptor socket, String path) {
        return (int) Native.call(frame, CONNECT, socket.number(), address(frame, path),
                PATH + pathLength(path) + 1, 0, 0, 0) == 0;
    }

    /// Connects. The kernel has no wait for room in a listener's queue, so the call is repeated.
    private static void connect(Frame frame, Descriptor socket, String path, Deadline deadline) {
        while (!connect(frame, socket, path)) {
            if (frame.errno() != Errno.EAGAIN || deadline.isPast()) {
                throw frame.failure("connect", "path=" + path);
            }
            Pause.of(RETRY_NANOS);
        }
    }

    /// Whether a descriptor that another process sent is a socket of the kind that this class
    /// makes, and connected, perhaps to a peer that is gone.
    public static boolean isPacketSocket(Descriptor descriptor) {
        return option(descriptor, SO_TYPE) == SOCK_SEQPACKET && hasPeerHere(descriptor);
    }

    /// Whether it has a Unix peer. A socket that listens, or has not connected yet, has none
    /// (ENOTCONN). The peer's name begins with the family of both, and no more of it is used.
    private static boolean hasPeerHere(Descriptor socket) {
        try (Frame frame = Frame.borrow()) {
            frame.setInt(0, 0);
            frame.setInt(16, Short.BYTES);
            return (int) Native.call(frame, GETPEERNAME, socket.number(), frame.address(0),
                    frame.address(16), 0, 0, 0) == 0 && frame.getInt(0) == AF_UNIX;
        }
    }

    private static int option(Descriptor socket, int name) {
        try (Frame frame = Frame.borrow()) {
            frame.setInt(16, Integer.BYTES);
            long answer = Native.call(frame, GETSOCKOPT, socket.number(), SOL_SOCKET, name,
                    frame.address(0),
                    frame.address(16), 0);
            return (int) answer < 0 ? -1 : frame.getInt(0);
        }
    }

    /// The kernel's identity of a socket; null if the kernel does not give it.
    public static @Nullable Identity identity(Descriptor socket) {
        try (Frame frame = Frame.borrow()) {
            frame.setInt(16, Long.BYTES);
            if ((int) Native.call(frame, GETSOCKOPT, socket.number(), SOL_SOCKET, SO_COOKIE,
                    frame.address(0), frame.address(16), 0) < 0) {
                return null;
            }
            long cookie = frame.getLong(0);
            long inode = Closer.inode(frame, socket.number());
            return inode == 0 ? null : new Identity(cookie, inode);
        }
    }

    /// The kernel's identity of the process at the other end, which no two processes have had.
    /// [#UNKNOWN_PROCESS] if the kernel does not give it: before Linux 6.9, and, for a process that
    /// has ended, before 6.16.
    public static long peerProcess(Descriptor connection) {
        try (Frame frame = Frame.borrow()) {
            frame.setInt(16, Integer.BYTES);
            if ((int) Native.call(frame, GETSOCKOPT, connection.number(), SOL_SOCKET, SO_PEERPIDFD,
                    frame.address(0), frame.address(16), 0) < 0) {
                return UNKNOWN_PROCESS;
            }
            try (Descriptor process = new Descriptor(frame.getInt(0))) {
                boolean isKnown = (int) Native.call(frame, SharedMemory.FSTATFS, process.number(),
                        frame.address(0), 0, 0, 0, 0) >= 0 && frame.getLong(0) == PIDFS_MAGIC;
                return isKnown ? Closer.inode(frame, process.number()) : UNKNOWN_PROCESS;
            }
        }
    }

    /// The process and the user that connected.
    public static Credentials peer(Descriptor connection) {
        try (Frame frame = Frame.borrow()) {
            // struct ucred { pid_t pid; uid_t uid; gid_t gid; };
            frame.setInt(16, 12);
            if ((int) Native.call(frame, GETSOCKOPT, connection.number(), SOL_SOCKET, SO_PEERCRED,
                    frame.address(0),
                    frame.address(16), 0) < 0) {
                throw frame.failure("getsockopt(SO_PEERCRED)", "fd=" + connection.number());
            }
            return new Credentials(frame.getInt(0), frame.getInt(4));
        }
    }

    static Descriptor create(Frame frame, int kind) {
        Descriptor socket = Descriptor.toBe();
        int type = kind | SOCK_CLOEXEC | SOCK_NONBLOCK;
        int fd = (int) Native.call(frame, SOCKET, AF_UNIX, type, 0, 0, 0, 0);
        if (fd < 0) {
            throw frame.failure("socket", shown(kind));
        }
        readUrgentInline(socket.is(fd));
        return socket;
    }

    /// Makes urgent bytes ordinary ones. The kernel drops an urgent byte that a stream's reader
    /// skips, with its descriptors: inside this process's read, however long their last close
    /// takes. So none is skipped.
    private static void readUrgentInline(Descriptor socket) {
        setOption(socket, SO_OOBINLINE, 1);
    }

    private static long address(Frame frame, String path) {
        if (pathLength(path) > MAX_PATH) {
            throw new IllegalArgumentException(
                    "a socket's path may have %d bytes: length=%d, path=%s"
                            .formatted(MAX_PATH, pathLength(path), path));
        }
        frame.cString(PATH, path);
        frame.setShort(0, (short) AF_UNIX);
        return frame.address(0);
    }

    private static int pathLength(String path) {
        return FileNames.bytes(path).length;
    }
}
