package dev.ipcchannel.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ipcchannel.transport.Transport;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// The contract's tests of Unix sockets as a transport.
class UnixTransportIT extends TransportContract {

    @Override
    public Transport transport() {
        return Transport.unix();
    }

    /// Sends what cannot be a greeting, and waits until the listener closes the connection.
    @Override
    public void intrude(String address) {
        try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(address))) {
            int _ = socket.write(ByteBuffer.wrap("is anybody there?".getBytes(UTF_8)));
            while (socket.read(ByteBuffer.allocate(64)) >= 0) {
                // the listener's answer does not matter
            }
        } catch (IOException _) {
            // closed before what it sent was read
        }
    }
}
