package dev.ipcchannel.worker;

import dev.ipcchannel.ProtocolViolation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes frames of what comes from a socket in pieces of any length.
///
/// Nothing of it is believed: a length is checked before anything is made of it, and memory is
/// taken as bytes really come. Used by one thread.
final class FrameReader {

    /// Bytes of the longest first frame, which a stranger may have sent.
    static final int MAX_GREETING = 1 << 20;

    private static final int FIRST_PART = 64 * 1024; // taken on the mere word of the other side

    private final int maxMessage;
    private final ByteBuffer header = ByteBuffer.allocate(SocketFrame.HEADER);
    private int limit = MAX_GREETING;
    private SocketFrame.@Nullable Kind kind; // null between frames
    private byte[] bytes = {};
    private int length;
    private int filled;

    /// @param maxMessage bytes of the longest message
    FrameReader(int maxMessage) {
        this.maxMessage = maxMessage;
    }

    /// Takes all of `arrived`, and gives `sink` each frame that is complete with it.
    ///
    /// @throws ProtocolViolation if that cannot be frames; then the reader is of no more use
    void read(ByteBuffer arrived, Consumer<SocketFrame> sink) {
        while (arrived.hasRemaining()) {
            SocketFrame.Kind current = kind == null ? readHeader(arrived) : kind;
            if (current == null) {
                return;
            }
            readBytes(arrived);
            if (filled == length) {
                SocketFrame frame = new SocketFrame(current, bytes);
                kind = null;
                bytes = new byte[0]; // the receiver's from here on
                limit = maxMessage;
                sink.accept(frame);
            }
        }
    }

    /// Whether the last bytes that came were a frame's, and not its last.
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
            throw new ProtocolViolation("a frame is of no known kind: kind=" + number);
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
            throw new ProtocolViolation(
                    "a frame has from 1 to %d bytes: length=%d".formatted(limit + 1L, announced));
        }
    }

    private void readBytes(ByteBuffer arrived) {
        int count = Math.min(length - filled, arrived.remaining());
        if (filled + count > bytes.length) {
            // Twice as many as have come: a sender pays for what it makes us hold.
            long enough = Math.max(2L * bytes.length, (long) filled + count);
            bytes = Arrays.copyOf(bytes, (int) Math.min(enough, length));
        }
        arrived.get(bytes, filled, count);
        filled += count;
    }
}
