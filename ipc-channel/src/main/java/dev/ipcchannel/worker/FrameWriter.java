package dev.ipcchannel.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;

/// A frame on its way into a socket, which may take it in pieces. Used by one thread at a time.
final class FrameWriter {

    private static final int PIECE = 64 * 1024; // the JDK copies all that it is given
    private static final int MAX_AT_ONCE = 1 << 20; // so that a long frame holds a lock for moments

    private final ByteBuffer header;
    private final ByteBuffer bytes;
    private final int length;

    FrameWriter(SocketFrame frame) {
        this.length = frame.bytes().length;
        this.header = ByteBuffer.allocate(SocketFrame.HEADER)
                .putInt(length + 1).put(frame.kind().number()).flip();
        this.bytes = ByteBuffer.wrap(frame.bytes());
    }

    /// Writes as much as the socket takes now, or a good piece of it.
    void writeTo(GatheringByteChannel socket) throws IOException {
        int end = (int) Math.min((long) bytes.position() + MAX_AT_ONCE, length);
        boolean takesMore = true;
        while (takesMore && (header.hasRemaining() || bytes.position() < end)) {
            bytes.limit(Math.min(bytes.position() + PIECE, end));
            if (header.hasRemaining()) {
                socket.write(new ByteBuffer[]{header, bytes});
            } else {
                socket.write(bytes);
            }
            takesMore = !bytes.hasRemaining();
        }
    }

    /// Whether nothing of it is in the socket yet: it may still be given up.
    boolean isUntouched() {
        return header.position() == 0;
    }

    /// Whether all of it is in the socket.
    boolean isDone() {
        return !header.hasRemaining() && bytes.position() == length;
    }
}
