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

/// The JDK's Unix domain sockets, a connection for each request: the leader connects, sends,
/// receives the answer and closes.
///
/// Both sides listen: the leader only for the connection by which the follower reports that it
/// does.
final class ConnectionLink extends CountingLink implements RequestLink {

    private final ByteBuffer message =
            ByteBuffer.allocateDirect(Payload.LENGTH).order(ByteOrder.nativeOrder());
    private final boolean isLeader;
    private final Path directory; // the leader's
    private final ServerSocketChannel server;

    /// @param address the directory of the sockets for the follower, empty for the leader
    ConnectionLink(String address) throws IOException {
        isLeader = address.isEmpty();
        directory = isLeader ? Files.createTempDirectory("ipc-channel-bench") : Path.of(address);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(isLeader ? leader() : follower()));
    }

    private Path leader() {
        return directory.resolve("leader");
    }

    private Path follower() {
        return directory.resolve("follower");
    }

    @Override
    public String address() {
        return directory.toString();
    }

    @Override
    public void open() throws IOException {
        try (SocketChannel _ = isLeader ? server.accept() : connect(leader())) {
            // The follower listens.
        }
    }

    @Override
    public void exchange(long sequence) throws IOException {
        try (SocketChannel socket = connect(follower())) {
            for (int i = 0; i < Payload.LENGTH; i += Long.BYTES) {
                message.putLong(i, sequence + (i >> 3));
            }
            write(socket);
            read(socket, sequence);
        }
    }

    @Override
    public void answer() throws IOException {
        try (SocketChannel socket = server.accept()) {
            note(read(socket, next()));
            write(socket);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(isLeader ? leader() : follower());
        if (!isLeader) {
            return;
        }
        Files.deleteIfExists(follower());
        Files.deleteIfExists(directory);
    }

    private static SocketChannel connect(Path path) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path));
    }

    private void write(SocketChannel socket) throws IOException {
        message.clear();
        while (message.hasRemaining()) {
            socket.write(message);
        }
    }

    private long read(SocketChannel socket, long sequence) throws IOException {
        message.clear();
        while (message.hasRemaining()) {
            if (socket.read(message) < 0) {
                throw new EOFException("the other process is gone");
            }
        }
        return Payload.check(message.getLong(0), message.getLong(8), message.getLong(16),
                message.getLong(24), message.getLong(32), message.getLong(40), message.limit(),
                sequence);
    }
}
