package dev.ipcchannel.testkit;

import dev.ipcchannel.Codec;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Link;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.transport.Transport;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// A transport over TCP on the loopback interface, in some hundred lines. (A transport for real use
/// would have the two sides prove their identity.)
///
/// The connecting side names its message types; the listener answers with an empty text, or with
/// the reason why it refuses them.
final class LoopbackTransport implements Transport {

    static final int GREETING_MILLIS = 2000;

    @Override
    public String name() {
        return "loopback";
    }

    @Override
    public <O, I> Listener<O, I> listen(TypeToken<O> out, TypeToken<I> in) {
        try {
            return new LoopbackListener<>(
                    new ServerSocket(0, 8, InetAddress.getLoopbackAddress()), Codec.of(out),
                    Codec.of(in));
        } catch (IOException failure) {
            throw new ResourceExhausted("no port could be had: " + failure.getMessage(), failure);
        }
    }

    @Override
    public <O, I> Link<O, I> connect(String address, TypeToken<O> out, TypeToken<I> in) {
        Codec<O> outgoing = Codec.of(out);
        Codec<I> incoming = Codec.of(in);
        Socket socket = new Socket();
        boolean isConnected = false;
        try {
            socket.connect(LoopbackListener.place(address));
            String refusal = greet(socket, outgoing, incoming);
            if (!refusal.isEmpty()) {
                throw new TypeMismatch("the other side has refused this one: " + refusal);
            }
            isConnected = true;
            return new LoopbackLink<>(socket, outgoing, incoming);
        } catch (IOException failure) {
            throw new Disconnected("nobody listens there: address=" + address, failure);
        } finally {
            if (!isConnected) {
                close(socket);
            }
        }
    }

    private static String greet(Socket socket, Codec<?> out, Codec<?> in) throws IOException {
        DataOutputStream output = new DataOutputStream(socket.getOutputStream());
        output.writeUTF(out.description());
        output.writeUTF(in.description());
        return new DataInputStream(socket.getInputStream()).readUTF();
    }

    static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception _) {
            // the socket is closed all the same
        }
    }
}
