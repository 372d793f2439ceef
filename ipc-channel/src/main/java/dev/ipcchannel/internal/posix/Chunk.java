package dev.ipcchannel.internal.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;

/// A piece of the bytes of a stream socket: native memory to send from and to receive into.
///
/// Chunks are borrowed from a pool, which has as many as were ever used at once. Used by one thread
/// at a time; never waits.
public final class Chunk {

    /// The number of bytes in a chunk.
    public static final int LENGTH = 64 * 1024;

    /// The result of a look at a socket.
    public enum Receiving {
        /// Bytes, which are in [#bytes] now.
        BYTES,
        /// Descriptors, which are not expected on a stream, with bytes that are not trusted.
        DESCRIPTORS,
        /// Nothing yet.
        NOTHING,
        /// Nothing, and no more bytes will come.
        END
    }

    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;

    private static final ConcurrentLinkedDeque<Chunk> POOL = new ConcurrentLinkedDeque<>();

    private final MemorySegment memory = Arena.global().allocate(LENGTH, 64);
    private final ByteBuffer bytes = memory.asByteBuffer();
    private final Frame frame = Frame.borrow(); // last: the frame belongs to the chunk for good
    private final MessageHeader header = frame.header();
    private boolean hasDescriptors; // false if they were only looked at

    private Chunk() {}

    /// A chunk for the caller alone until [#giveBack]. It still has the bytes of its last use.
    public static Chunk borrow() {
        Chunk pooled = POOL.pollFirst();
        return pooled != null ? pooled : new Chunk();
    }

    /// Puts it back into the pool.
    public void giveBack() {
        POOL.addFirst(this);
    }

    /// The memory: bytes to send are before the position; received bytes are from the position to
    /// the limit.
    public ByteBuffer bytes() {
        return bytes;
    }

    /// Sends the bytes before the position of [#bytes].
    ///
    /// @return the number of bytes that the socket has taken, from the first one on; 0 if it has no
    /// room
    /// @throws PosixException if there is no receiver any more (EPIPE, ECONNRESET)
    public int send(Descriptor socket) {
        int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
        long sent = Native.call(frame, Sockets.SEND, socket.number(), memory.address(),
                bytes.position(), flags, 0, 0);
        if (sent < 0 && frame.errno() != Errno.EAGAIN) {
            throw frame.failure("send", "fd=%d, length=%d".formatted(socket.number(),
                    bytes.position()));
        }
        return (int) Math.max(0, sent);
    }

    /// Receives the bytes there are, as far as there is room, with descriptors.
    ///
    /// @throws PosixException if the peer closed with bytes of ours unread (ECONNRESET); reported
    /// once
    public Receiving receive(Descriptor socket) {
        return receive(socket, LENGTH);
    }

    /// Receives bytes, and leaves descriptors in the socket's queue, with the bytes they came with.
    ///
    /// @param length the most bytes to receive
    /// @throws PosixException if the peer closed with bytes of ours unread (ECONNRESET); reported
    /// once
    public Receiving receiveBytes(Descriptor socket, int length) {
        hasDescriptors = false;
        Receiving found = found(socket, header.peek(socket, memory.address(),
                Math.min(length, LENGTH), 0));
        // No more than was looked at: later bytes may have descriptors.
        return found == Receiving.BYTES ? receive(socket, bytes.limit()) : found;
    }

    private Receiving receive(Descriptor socket, long length) {
        Receiving found = found(socket, header.receive(socket, memory.address(), length));
        hasDescriptors = found == Receiving.DESCRIPTORS;
        return found;
    }

    private Receiving found(Descriptor socket, long count) {
        if (count < 0) {
            if (frame.errno() == Errno.EAGAIN) {
                return Receiving.NOTHING;
            }
            throw frame.failure("recvmsg", "fd=" + socket.number());
        }
        bytes.clear().limit((int) count);
        if (header.hasControl() || header.isCut()) {
            return Receiving.DESCRIPTORS;
        }
        return count == 0 ? Receiving.END : Receiving.BYTES;
    }

    /// Takes the next packet, or piece of a stream, off the queue of a socket that will be closed,
    /// unless descriptors come with it.
    ///
    /// @param isStream whether it is a stream; a packet socket adds the credentials of the sender
    /// to each packet, which distinguishes an empty packet from the end
    Receiving drop(Descriptor socket, boolean isStream) {
        long room = isStream ? 0 : MessageHeader.CREDENTIALS; // which the credentials fill
        long count = header.peek(socket, memory.address(), LENGTH, room);
        if (count < 0) {
            return switch (frame.errno()) {
                case Errno.EAGAIN -> Receiving.NOTHING;
                // Reported once, before everything that is there.
                case Errno.ECONNRESET -> Receiving.BYTES;
                default -> throw frame.failure("recvmsg", "fd=" + socket.number());
            };
        }
        if (header.isCut()) {
            return Receiving.DESCRIPTORS;
        }
        if (count == 0 && (isStream || !header.hasControl())) {
            return Receiving.END;
        }
        long _ = header.receive(socket, memory.address(), count);
        hasDescriptors = true; // another process may have taken what was looked at
        closeDescriptors(socket);
        return Receiving.BYTES;
    }

    /// Whether the chunk was filled, so that there may be more.
    public boolean isFull() {
        return bytes.limit() == LENGTH;
    }

    /// Closes the received descriptors, without waiting for any of them.
    ///
    /// @param socket by which they came
    public void closeDescriptors(Descriptor socket) {
        if (hasDescriptors) {
            header.closeDescriptors(socket);
        }
        hasDescriptors = false;
    }
}
