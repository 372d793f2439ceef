package dev.ipcchannel.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ipcchannel.transport.Transport;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// A Unix socket is a transport.
class UnixTransportIT extends TransportContract {

    @Override
    public Transport transport() {
        return Transport.unix();
    }

    /// Says what cannot be a greeting, and waits to be cut off.
    @Override
    public void intrude(String address) {
        try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(address))) {
            int _ = socket.write(ByteBuffer.wrap("is anybody there?".getBytes(UTF_8)));
            while (socket.read(ByteBuffer.allocate(64)) >= 0) {
                // what is said to it does not matter
            }
        } catch (IOException _) {
            // cut off with its words unread
        }
    }
}
