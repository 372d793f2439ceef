package dev.ipcchannel.internal.stream;

import dev.ipcchannel.internal.wire.LaneException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A reader that makes frames of the pieces, of any length, that come from a socket.
///
/// It trusts no value in them: a length is checked before it is used, and memory is allocated as
/// bytes come. Used by one thread.
final class FrameReader {

    private static final int MAX_GREETING = 1 << 20; // a stranger may send all of it

    private static final int FIRST_PART = 64 * 1024; // allocated before its bytes have come
    private static final int KEPT_OF_LOST = 256;

    private final int maxMessage;
    private final ByteBuffer header = ByteBuffer.allocate(SocketFrame.HEADER);
    private int limit; // of this frame's bytes
    private SocketFrame.@Nullable Kind kind; // null between frames
    private byte[] bytes = {};
    private int length;
    private int filled;
    private boolean isLost; // there is no memory for this frame: its bytes are skipped

    private FrameReader(int limit, int maxMessage) {
        this.limit = limit;
        this.maxMessage = maxMessage;
    }

    /// A reader of a first frame, and perhaps of later ones.
    ///
    /// @param maxMessage the longest message, in bytes
    static FrameReader ofGreeting(int maxMessage) {
        return new FrameReader(MAX_GREETING, maxMessage);
    }

    /// A reader of the frames after the first one.
    ///
    /// @param maxMessage the longest message, in bytes
    static FrameReader ofMessages(int maxMessage) {
        return new FrameReader(maxMessage, maxMessage);
    }

    /// Reads all of `arrived`, and gives `sink` each frame that is complete.
    ///
    /// @throws LaneException if the bytes cannot be frames; then the reader is of no more use
    void read(ByteBuffer arrived, Consumer<SocketFrame> sink) {
        while (arrived.hasRemaining()) {
            SocketFrame.Kind current = kind == null ? readHeader(arrived) : kind;
            if (current == null) {
                return;
            }
            readBytes(arrived);
            if (filled == length) {
                SocketFrame frame = isLost ? SocketFrame.lost(current, bytes, length)
                        : new SocketFrame(current, bytes);
                kind = null;
                isLost = false;
                bytes = new byte[0]; // the receiver's from here on
                limit = maxMessage;
                sink.accept(frame);
            }
        }
    }

    /// The number of bytes that certainly belong to the frame being read: of its header, then of
    /// its contents.
    int missing() {
        return kind == null ? header.remaining() : length - filled;
    }

    /// Whether the last bytes belonged to a frame, and were not its last.
    boolean isInsideFrame() {
        return kind != null || header.position() > 0;
    }

    /// @return null while it is not complete
    private SocketFrame.@Nullable Kind readHeader(ByteBuffer arrived) {
        while (header.hasRemaining() && arrived.hasRemaining()) {
            header.put(arrived.get());
            if (header.position() == Integer.BYTES) {
                checkLength(Integer.toUnsignedLong(header.getInt(0)));
            }
        }
        if (header.hasRemaining()) {
            return null;
        }
        byte number = header.get(Integer.BYTES);
        SocketFrame.Kind current = SocketFrame.Kind.of(number);
        if (current == null) {
            throw violation("a frame is of no known kind: kind=" + number);
        }
        kind = current;
        length = header.getInt(0) - 1;
        filled = 0;
        bytes = new byte[Math.min(length, FIRST_PART)];
        header.clear();
        return current;
    }

    private void checkLength(long announced) {
        if (announced < 1 || announced > limit + 1L) {
            throw violation(
                    "a frame has from 1 to %d bytes: length=%d".formatted(limit + 1L, announced));
        }
    }

    private static LaneException violation(String message) {
        return new LaneException(LaneException.Kind.VIOLATION, message);
    }

    private void readBytes(ByteBuffer arrived) {
        int count = Math.min(length - filled, arrived.remaining());
        if (!isLost && filled + count > bytes.length) {
            makeRoom(filled + count);
        }
        if (isLost) {
            arrived.position(arrived.position() + count);
        } else {
            arrived.get(bytes, filled, count);
        }
        filled += count;
    }

    /// Allocates twice the bytes that have come: a sender pays for the memory that this process
    /// allocates for it. A message for which there is no memory is lost; its beginning is kept,
    /// because it may name its sender.
    private void makeRoom(int needed) {
        long enough = Math.max(2L * bytes.length, needed);
        try {
            bytes = Arrays.copyOf(bytes, (int) Math.min(enough, length));
        } catch (OutOfMemoryError lack) {
            if (kind != SocketFrame.Kind.MESSAGE) {
                throw lack;
            }
            bytes = Arrays.copyOf(bytes, Math.min(filled, KEPT_OF_LOST));
            isLost = true;
        }
    }
}
