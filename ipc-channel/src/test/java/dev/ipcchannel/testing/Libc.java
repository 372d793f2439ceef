package dev.ipcchannel.testing;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ipcchannel.internal.posix.Descriptor;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/// Functions of the C library that the library itself does not use, for hostile peers.
public final class Libc {

    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int SOCK_STREAM = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SO_LINGER = 13;
    private static final int SENDS = 256 * 1024; // bytes, more than the other side takes
    private static final int TAKES = 64 * 1024; // not so few that it drops bytes
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_OOB = 1;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final long SOCKADDR_IN = 16;
    private static final int LOOPBACK = Integer.reverseBytes(0x7F000001);
    private static final int SOCK_SEQPACKET = 5;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PASSCRED = 16;
    private static final int SO_PASSPIDFD = 76;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int F_ADD_SEALS = 1033;
    private static final long FUTEX = System.getProperty("os.arch").equals("aarch64") ? 98 : 202;
    private static final int FUTEX_REQUEUE = 3; // without FUTEX_PRIVATE_FLAG
    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;

    private Libc() {}

    /// An unconnected socket of the kind that the library uses.
    public static Descriptor packetSocket() {
        // int socket(int domain, int type, int protocol);
        return new Descriptor(call("socket", AF_UNIX, SOCK_SEQPACKET, 0));
    }

    /// Has the kernel add a descriptor of the sending process to each packet that is read from the
    /// socket. The option belongs to the socket and travels with it.
    public static void passPidDescriptors(Descriptor socket) {
        set(socket, SO_PASSPIDFD);
    }

    /// The same for the sender's process number and user, which need room beside the descriptors.
    public static void passCredentials(Descriptor socket) {
        set(socket, SO_PASSCRED);
    }

    private static void set(Descriptor socket, int option) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment on = arena.allocate(JAVA_INT);
            on.set(JAVA_INT, 0, 1);
            // int setsockopt(int fd, int level, int name, const void *value, socklen_t length);
            call("setsockopt", socket.number(), SOL_SOCKET, option, on.address(), Integer.BYTES);
        }
    }

    /// Sends one urgent byte through a stream socket, with a descriptor.
    public static void sendUrgent(Descriptor socket, Descriptor descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment vector = arena.allocate(16, 8); // struct iovec
            vector.set(JAVA_LONG, 0, arena.allocate(1).address());
            vector.set(JAVA_LONG, 8, 1);
            MemorySegment control = arena.allocate(24, 8); // struct cmsghdr, and one int
            control.set(JAVA_LONG, 0, 20);
            control.set(JAVA_INT, 8, SOL_SOCKET);
            control.set(JAVA_INT, 12, SCM_RIGHTS);
            control.set(JAVA_INT, 16, descriptor.number());
            MemorySegment header = arena.allocate(56, 8); // struct msghdr
            header.set(JAVA_LONG, 16, vector.address());
            header.set(JAVA_LONG, 24, 1);
            header.set(JAVA_LONG, 32, control.address());
            header.set(JAVA_LONG, 40, control.byteSize());
            // ssize_t sendmsg(int fd, const struct msghdr *message, int flags);
            call("sendmsg", socket.number(), header.address(), MSG_OOB | MSG_NOSIGNAL);
        }
    }

    /// A memory file of `length` bytes, not yet allocated, with these seals.
    public static Descriptor memoryFile(long length, int seals) {
        try (Arena arena = Arena.ofConfined()) {
            // int memfd_create(const char *name, unsigned int flags);
            int file = call("memfd_create", arena.allocateFrom("hostile").address(),
                    MFD_ALLOW_SEALING);
            call("ftruncate", file, length); // int ftruncate(int fd, off_t length);
            call("fcntl", file, F_ADD_SEALS, seals); // int fcntl(int fd, int op, ...);
            return new Descriptor(file);
        }
    }

    /// Removes the pages of a memory file, which then reads as zeros.
    public static void punchHole(Descriptor file, long length) {
        // int fallocate(int fd, int mode, off_t offset, off_t len);
        call("fallocate", file.number(), PUNCH_HOLE | KEEP_SIZE, 0, length);
    }

    /// Moves the thread that sleeps on one word to another word, where a wake of the first word
    /// does not reach it. Any process that has the memory can do so.
    ///
    /// @return how many threads were moved
    public static int requeueSleeper(long address, long other) {
        // long syscall(SYS_futex, uint32_t *uaddr, FUTEX_REQUEUE, uint32_t wake, uint32_t most,
        //         uint32_t *uaddr2);
        return call("syscall", FUTEX, address, FUTEX_REQUEUE, 0, 1, other);
    }

    /// A TCP connection on the loopback device as a hostile process makes it: the close of one side
    /// blocks for `lingerSeconds`, until the other side reads the bytes that fill all buffers.
    public static Connection lingering(int lingerSeconds) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(SOCKADDR_IN, 8);
            name.set(JAVA_SHORT, 0, (short) AF_INET);
            name.set(JAVA_INT, 4, LOOPBACK);
            MemorySegment length = arena.allocate(JAVA_INT);
            length.set(JAVA_INT, 0, (int) SOCKADDR_IN);
            int listener = call("socket", AF_INET, SOCK_STREAM, 0);
            setBuffer(arena, listener, SO_RCVBUF, TAKES); // for accepted sockets, too
            call("bind", listener, name.address(), SOCKADDR_IN);
            call("listen", listener, 1);
            call("getsockname", listener, name.address(), length.address());
            int client = connect(arena, name, lingerSeconds);
            int silent = call("accept", listener, 0, 0);
            call("close", listener);
            return new Connection(new Descriptor(client), new Descriptor(silent),
                    Short.toUnsignedInt(Short.reverseBytes(name.get(JAVA_SHORT, 2))));
        }
    }

    /// One side of such a connection, to a server at `port` that does not read.
    public static Descriptor lingering(int port, int lingerSeconds) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(SOCKADDR_IN, 8);
            name.set(JAVA_SHORT, 0, (short) AF_INET);
            name.set(JAVA_SHORT, 2, Short.reverseBytes((short) port));
            name.set(JAVA_INT, 4, LOOPBACK);
            return new Descriptor(connect(arena, name, lingerSeconds));
        }
    }

    private static int connect(Arena arena, MemorySegment name, int lingerSeconds) {
        int client = call("socket", AF_INET, SOCK_STREAM, 0);
        setBuffer(arena, client, SO_SNDBUF, SENDS);
        call("connect", client, name.address(), SOCKADDR_IN);
        fill(arena, client);
        MemorySegment linger = arena.allocate(2L * Integer.BYTES, 4);
        linger.set(JAVA_INT, 0, 1); // struct linger { int l_onoff; int l_linger; };
        linger.set(JAVA_INT, 4, lingerSeconds);
        call("setsockopt", client, SOL_SOCKET, SO_LINGER, linger.address(), 8);
        return client;
    }

    /// Sets a small buffer, so that there can be hundreds of them.
    private static void setBuffer(Arena arena, int socket, int buffer, int bytes) {
        MemorySegment length = arena.allocate(JAVA_INT);
        length.set(JAVA_INT, 0, bytes);
        call("setsockopt", socket, SOL_SOCKET, buffer, length.address(), Integer.BYTES);
    }

    private static void fill(Arena arena, int socket) {
        MemorySegment bytes = arena.allocate(64 * 1024);
        try {
            while (true) {
                call("send", socket, bytes.address(), bytes.byteSize(),
                        MSG_DONTWAIT | MSG_NOSIGNAL);
            }
        } catch (IllegalStateException _) {
            // EAGAIN: it is full.
        }
    }

    /// A TCP connection.
    ///
    /// @param full the side whose close blocks
    /// @param silent the other side, which does not read
    /// @param port of the other side
    public record Connection(Descriptor full, Descriptor silent, int port) {}

    @SuppressWarnings("restricted") // the test's own way into the C library
    private static int call(String function, long... arguments) {
        Linker linker = Linker.nativeLinker();
        // As in the library: six words in registers, whatever the function's own signature is.
        MethodHandle handle = linker.downcallHandle(
                linker.defaultLookup().find(function).orElseThrow(),
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                        JAVA_LONG, JAVA_LONG));
        long[] words = Arrays.copyOf(arguments, 6);
        int answer;
        try {
            answer = (int) (long) handle.invokeExact(words[0], words[1], words[2], words[3],
                    words[4], words[5]);
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
        if (answer < 0) {
            throw new IllegalStateException(function + " failed");
        }
        return answer;
    }
}
