package dev.ipcchannel.benchmarks.worker;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// Messages by a socket of the JDK's, each with its length in front. Used by one thread, which
/// waits in the read.
record SocketFrames(SocketChannel socket, ByteBuffer buffer) implements AutoCloseable {

    private static final int LONGEST = 1024;

    SocketFrames(SocketChannel socket) {
        this(socket, ByteBuffer.allocateDirect(LONGEST));
    }

    void write(byte[] message) throws IOException {
        buffer.clear().putInt(message.length).put(message).flip();
        while (buffer.hasRemaining()) {
            int _ = socket.write(buffer);
        }
    }

    /// Waits for a message: the other side sends one at a time.
    ///
    /// @throws EOFException if the other side has closed
    byte[] read() throws IOException {
        buffer.clear();
        while (buffer.position() < Integer.BYTES
                || buffer.position() < Integer.BYTES + buffer.getInt(0)) {
            if (socket.read(buffer) < 0) {
                throw new EOFException("the other process is gone");
            }
        }
        byte[] message = new byte[buffer.getInt(0)];
        buffer.get(Integer.BYTES, message);
        return message;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
