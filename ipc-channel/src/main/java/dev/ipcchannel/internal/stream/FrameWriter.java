package dev.ipcchannel.internal.stream;

import dev.ipcchannel.internal.posix.Chunk;
import dev.ipcchannel.internal.posix.Descriptor;
import java.nio.ByteBuffer;

/// A frame on its way into a socket, which may take it in pieces. Used by one thread at a time.
final class FrameWriter {

    // A long frame must hold a lock only for moments.
    private static final int MAX_AT_ONCE = 1 << 20;

    private final SocketFrame frame;
    private final int length; // of header and bytes
    private int sent;

    FrameWriter(SocketFrame frame) {
        this.frame = frame;
        this.length = SocketFrame.HEADER + frame.bytes().length;
    }

    /// Writes as much as the socket takes now, or a good piece of it.
    ///
    /// @throws dev.ipcchannel.internal.posix.PosixException if the socket takes no more bytes
    void writeTo(Descriptor socket) {
        int end = (int) Math.min((long) sent + MAX_AT_ONCE, length);
        Chunk chunk = Chunk.borrow();
        try {
            boolean takesMore = true;
            while (takesMore && sent < end) {
                int offered = fill(chunk.bytes().clear());
                int taken = chunk.send(socket);
                sent += taken;
                takesMore = taken == offered;
            }
        } finally {
            chunk.giveBack();
        }
    }

    /// @return the number of bytes in the piece
    private int fill(ByteBuffer piece) {
        for (int at = sent; at < SocketFrame.HEADER; at++) {
            piece.put(frame.header(at));
        }
        int from = Math.max(0, sent - SocketFrame.HEADER);
        piece.put(frame.bytes(), from, Math.min(piece.remaining(), frame.bytes().length - from));
        return piece.position();
    }

    /// Whether no byte of it is in the socket yet: it may still be given up.
    boolean isUntouched() {
        return sent == 0;
    }

    /// Whether all of it is in the socket.
    boolean isDone() {
        return sent == length;
    }
}
