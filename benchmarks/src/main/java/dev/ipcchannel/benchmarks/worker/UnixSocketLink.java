package dev.ipcchannel.benchmarks.worker;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The JDK's Unix domain socket: a blocking [SocketChannel] and one direct buffer.
final class UnixSocketLink extends CountingLink {

    private final ByteBuffer message =
            ByteBuffer.allocateDirect(Payload.LENGTH).order(ByteOrder.nativeOrder());
    private final Path path;
    private final @Nullable ServerSocketChannel server; // of the leader
    private @Nullable SocketChannel socket;

    /// @param address the socket's path for the follower, empty for the leader
    UnixSocketLink(String address) throws IOException {
        if (!address.isEmpty()) {
            path = Path.of(address);
            server = null;
            return;
        }
        path = Files.createTempDirectory("ipc-channel-bench").resolve("socket");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
    }

    @Override
    public String address() {
        return path.toString();
    }

    @Override
    public void open() throws IOException {
        if (server == null) {
            socket = SocketChannel.open(UnixDomainSocketAddress.of(path));
            return;
        }
        socket = server.accept();
        deleteFiles();
    }

    @Override
    public void exchange(long sequence) throws IOException {
        send(sequence);
        receive();
    }

    @Override
    public void answer() throws IOException {
        receive();
        if (!isStopped()) {
            write();
        }
    }

    @Override
    public void send(long sequence) throws IOException {
        for (int i = 0; i < Payload.LENGTH; i += Long.BYTES) {
            message.putLong(i, sequence + (i >> 3));
        }
        write();
    }

    @Override
    public int drain() throws IOException {
        receive();
        return 1;
    }

    @Override
    public void stop() throws IOException {
        send(Payload.STOP);
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
        }
        if (server != null) {
            server.close();
            deleteFiles();
        }
    }

    private void write() throws IOException {
        message.clear();
        while (message.hasRemaining()) {
            connected().write(message);
        }
    }

    private void receive() throws IOException {
        message.clear();
        while (message.hasRemaining()) {
            if (connected().read(message) < 0) {
                throw new EOFException("the other process is gone");
            }
        }
        long found = Payload.check(message.getLong(0), message.getLong(8), message.getLong(16),
                message.getLong(24), message.getLong(32), message.getLong(40), message.limit(),
                next());
        note(found);
    }

    private SocketChannel connected() {
        SocketChannel open = socket;
        if (open == null) {
            throw new IllegalStateException("this link is not open");
        }
        return open;
    }

    private void deleteFiles() throws IOException {
        Files.deleteIfExists(path);
        Path directory = path.getParent();
        if (directory != null) {
            Files.deleteIfExists(directory);
        }
    }
}
