package dev.ipcchannel.outside;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.Codec;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Link;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.transport.AwaitedChild;
import dev.ipcchannel.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A transport over TCP on the loopback interface. (A real one would authenticate the two sides.)
final class LoopbackTransport implements Transport {

    private static final int LOOK_MILLIS = 20; // between two looks, at the socket and at the child

    @Override
    public String name() {
        return "loopback";
    }

    @Override
    public <O, I> Listener<O, I> listen(TypeToken<O> out, TypeToken<I> in) {
        try {
            return new Waiting<>(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()),
                    Codec.of(out), Codec.of(in));
        } catch (IOException failure) {
            throw new ResourceExhausted("no port could be had: " + failure.getMessage(), failure);
        }
    }

    @Override
    public <O, I> Link<O, I> connect(String address, TypeToken<O> out, TypeToken<I> in) {
        try {
            return new FrameLink<>(
                    new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(address)),
                    Codec.of(out), Codec.of(in));
        } catch (IOException failure) {
            throw new Disconnected("the parent is gone: " + failure.getMessage(), failure);
        }
    }

    private record Waiting<O, I>(ServerSocket server, Codec<O> out, Codec<I> in)
            implements Listener<O, I> {

        @Override
        public String address() {
            return Integer.toString(server.getLocalPort());
        }

        @Override
        public Link<O, I> accept(Duration timeout) throws InterruptedException {
            return acceptFrom(null, timeout);
        }

        @Override
        public Link<O, I> accept(AwaitedChild child, Duration timeout)
                throws InterruptedException {
            return acceptFrom(child, timeout);
        }

        private Link<O, I> acceptFrom(@Nullable AwaitedChild child, Duration timeout)
                throws InterruptedException {
            long end = System.nanoTime() + timeout.toNanos();
            while (System.nanoTime() - end < 0) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                try {
                    server.setSoTimeout(LOOK_MILLIS);
                    return new FrameLink<>(server.accept(), out, in);
                } catch (SocketTimeoutException _) {
                    if (child != null && !child.process().isAlive()) {
                        throw new ChildFailed("the child ended before it connected", null);
                    }
                } catch (SocketException closed) {
                    throw new EndClosed("this listener was closed", closed);
                } catch (IOException failure) {
                    throw new Disconnected("the child could not connect", failure);
                }
            }
            throw new TimedOut("the child did not connect in time");
        }

        @Override
        public void close() {
            try {
                server.close();
            } catch (IOException _) {
                // it is gone all the same
            }
        }
    }
}
