package dev.ipcchannel.internal.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;

/// A piece of what goes through a stream socket: native memory to send from and to receive into.
///
/// Chunks are borrowed from a pool, in which there are as many as were ever used at once. Used by
/// one thread at a time; never waits.
public final class Chunk {

    /// Bytes that one has room for.
    public static final int LENGTH = 64 * 1024;

    /// The state of a socket at a look.
    public enum Receiving {
        /// Bytes, which lie in [#bytes] now.
        BYTES,
        /// Descriptors, which nobody waits for on a stream, with bytes that are not to be believed.
        DESCRIPTORS,
        /// Nothing yet.
        NOTHING,
        /// Nothing, and nothing more will come.
        END
    }

    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;

    private static final ConcurrentLinkedDeque<Chunk> POOL = new ConcurrentLinkedDeque<>();

    private final MemorySegment memory = Arena.global().allocate(LENGTH, 64);
    private final ByteBuffer bytes = memory.asByteBuffer();
    private final Frame frame = Frame.borrow(); // last: it stays with the chunk
    private final MessageHeader header = frame.header();
    private boolean hasDescriptors; // unless they were only looked at

    private Chunk() {}

    /// A chunk of the caller's own until [#giveBack]. Its bytes are whatever was in it last.
    public static Chunk borrow() {
        Chunk pooled = POOL.pollFirst();
        return pooled != null ? pooled : new Chunk();
    }

    /// Puts it back.
    public void giveBack() {
        POOL.addFirst(this);
    }

    /// The memory: what is to be sent lies before the position, what was received from there to the
    /// limit.
    public ByteBuffer bytes() {
        return bytes;
    }

    /// Sends what lies before the position of [#bytes].
    ///
    /// @return how many bytes the socket has taken, from the first one on; 0 if it has no room now
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

    /// Receives what there is, as far as there is room, with descriptors.
    ///
    /// @throws PosixException if the peer went with bytes of ours unread (ECONNRESET); said once
    public Receiving receive(Descriptor socket) {
        return receive(socket, LENGTH);
    }

    /// Receives bytes, and leaves descriptors in the socket's queue, with the bytes they came with.
    ///
    /// @param length no more than so many
    /// @throws PosixException if the peer went with bytes of ours unread (ECONNRESET); said once
    public Receiving receiveBytes(Descriptor socket, int length) {
        hasDescriptors = false;
        Receiving found = found(socket, header.peek(socket, memory.address(),
                Math.min(length, LENGTH), 0));
        // No more than was looked at: others may have come meanwhile.
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

    /// Takes the next packet, or piece of a stream, off the queue of a socket that is to be closed;
    /// not if descriptors come with it.
    ///
    /// @param isStream whether it is a stream; else it gives the credentials of whoever sent a
    ///        packet, so that an empty packet is told from the end
    Receiving drop(Descriptor socket, boolean isStream) {
        long room = isStream ? 0 : MessageHeader.CREDENTIALS; // which these fill
        long count = header.peek(socket, memory.address(), LENGTH, room);
        if (count < 0) {
            return switch (frame.errno()) {
                case Errno.EAGAIN -> Receiving.NOTHING;
                case Errno.ECONNRESET -> Receiving.BYTES; // said once, before all that is there
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
        hasDescriptors = true; // if another process has taken what was looked at
        closeDescriptors(socket);
        return Receiving.BYTES;
    }

    /// Whether there was no room for more.
    public boolean isFull() {
        return bytes.limit() == LENGTH;
    }

    /// Closes the descriptors received, without a wait for any of them.
    ///
    /// @param socket by which they came
    public void closeDescriptors(Descriptor socket) {
        if (hasDescriptors) {
            header.closeDescriptors(socket);
        }
        hasDescriptors = false;
    }
}
