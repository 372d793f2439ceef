package dev.ipcchannel.testkit;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.Codec;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Link;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.transport.AwaitedChild;
import dev.ipcchannel.transport.Transport.Listener;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A port where one process connects.
///
/// @param <O> the type of what this side sends
/// @param <I> the type of what it receives
record LoopbackListener<O, I>(ServerSocket server, Codec<O> out, Codec<I> in)
        implements Listener<O, I> {

    // at the child and the clock, between two at the port
    private static final int LOOK_MILLIS = 20;

    static InetSocketAddress place(String address) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(address));
    }

    @Override
    public String address() {
        return Integer.toString(server.getLocalPort());
    }

    @Override
    public Link<O, I> accept(Duration timeout) throws InterruptedException {
        return acceptFrom(null, timeout);
    }

    @Override
    public Link<O, I> accept(AwaitedChild child, Duration timeout) throws InterruptedException {
        return acceptFrom(child, timeout);
    }

    private Link<O, I> acceptFrom(@Nullable AwaitedChild child, Duration timeout)
            throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            boolean hasEnded = child != null && !child.process().isAlive(); // before the look
            Link<O, I> link = look(child);
            if (link != null) {
                close();
                return link;
            }
            if (child != null && hasEnded) {
                throw new ChildFailed("the child ended before it connected: " + child.report(),
                        null);
            }
            if (System.nanoTime() - end >= 0) {
                throw new TimedOut("nobody has connected in time: timeout=" + timeout);
            }
        }
    }

    /// @return null if no process with the right types has connected
    private @Nullable Link<O, I> look(@Nullable AwaitedChild child) {
        try {
            server.setSoTimeout(LOOK_MILLIS);
            Socket socket = server.accept();
            boolean isIn = false;
            try {
                isIn = isLetIn(socket, child);
                return isIn ? new LoopbackLink<>(socket, out, in) : null;
            } finally {
                if (!isIn) {
                    LoopbackTransport.close(socket);
                }
            }
        } catch (SocketTimeoutException _) {
            return null;
        } catch (IOException failure) {
            if (server.isClosed()) {
                throw new EndClosed("this listener was closed", failure);
            }
            throw new ResourceExhausted("nobody can be let in: " + failure.getMessage(), failure);
        }
    }

    private boolean isLetIn(Socket socket, @Nullable AwaitedChild child) {
        try {
            socket.setSoTimeout(LoopbackTransport.GREETING_MILLIS);
            DataInputStream input = new DataInputStream(socket.getInputStream());
            String theirOut = input.readUTF();
            String theirIn = input.readUTF();
            boolean isAlike = theirOut.equals(in.description())
                    && theirIn.equals(out.description());
            new DataOutputStream(socket.getOutputStream()).writeUTF(isAlike ? "" : "other types");
            socket.setSoTimeout(0);
            if (!isAlike && child != null) {
                throw new TypeMismatch("the child means other types");
            }
            return isAlike;
        } catch (IOException failure) { // a stranger
            if (child != null) {
                child.turnedAway("it said nothing that can be read: " + failure.getMessage());
            }
            return false;
        }
    }

    @Override
    public void close() {
        LoopbackTransport.close(server);
    }
}
