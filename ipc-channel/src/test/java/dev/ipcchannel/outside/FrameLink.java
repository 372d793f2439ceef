package dev.ipcchannel.outside;

import dev.ipcchannel.Codec;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.EndStats;
import dev.ipcchannel.Link;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TimedOut;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.LongSummaryStatistics;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A link over a socket, with the length before each message. Two threads of its own read and
/// write, so that no waiting caller has to be woken out of a socket call.
///
/// @param <O> the type of the messages that go out
/// @param <I> the type of the messages that come in
final class FrameLink<O, I> implements Link<O, I> {

    private static final int QUEUED = 256;
    private static final byte[] END = {}; // no message is empty: its codec writes which kind it is

    private final Socket socket;
    private final Codec<O> out;
    private final Codec<I> in;
    private final LinkedBlockingQueue<byte[]> outgoing = new LinkedBlockingQueue<>(QUEUED);
    private final LinkedBlockingQueue<byte[]> incoming = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<Runnable> actions = new ConcurrentLinkedQueue<>();
    private final LongSummaryStatistics sent = new LongSummaryStatistics();
    private final LongSummaryStatistics received = new LongSummaryStatistics();
    private final AtomicReference<@Nullable String> owner = new AtomicReference<>();
    private volatile boolean isClosed;
    private volatile boolean isGone; // the other side

    FrameLink(Socket socket, Codec<O> out, Codec<I> in) {
        this.socket = socket;
        this.out = out;
        this.in = in;
        Thread.ofPlatform().daemon().name("loopback reader").start(this::read);
        Thread.ofPlatform().daemon().name("loopback writer").start(this::write);
    }

    private void read() {
        try (DataInputStream input = new DataInputStream(socket.getInputStream())) {
            while (true) {
                incoming.add(input.readNBytes(input.readInt()));
            }
        } catch (IOException _) {
            isGone = true;
            incoming.add(END);
            outgoing.clear();
            outgoing.add(END);
            runActions();
        }
    }

    private void write() {
        try (socket; DataOutputStream output = new DataOutputStream(socket.getOutputStream())) {
            socket.setTcpNoDelay(true);
            byte[] message = outgoing.take();
            while (message.length > 0) {
                output.writeInt(message.length);
                output.write(message);
                count(sent, message);
                message = outgoing.take();
            }
        } catch (IOException | InterruptedException _) {
            isGone = true;
        }
    }

    private void check() {
        if (isClosed) {
            throw new EndClosed("this link was closed");
        }
        if (isGone) {
            throw gone();
        }
    }

    private static Disconnected gone() {
        return new Disconnected("the other side is gone");
    }

    @Override
    public void send(O message) throws InterruptedException {
        byte[] bytes = out.toBytes(message);
        check();
        while (!outgoing.offer(bytes, 10, TimeUnit.MILLISECONDS)) {
            check();
        }
    }

    @Override
    public void send(O message, Duration timeout) throws InterruptedException {
        byte[] bytes = out.toBytes(message);
        check();
        if (!outgoing.offer(bytes, timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new TimedOut("no room within the time given");
        }
    }

    @Override
    public SendOutcome trySend(O message) {
        byte[] bytes = out.toBytes(message);
        check();
        return outgoing.offer(bytes) ? SendOutcome.SENT : SendOutcome.FULL;
    }

    @Override
    public I receive() throws InterruptedException {
        checkOpen();
        return message(incoming.take());
    }

    @Override
    public I receive(Duration timeout) throws InterruptedException {
        checkOpen();
        byte[] bytes = incoming.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (bytes == null) {
            throw new TimedOut("no message within the time given");
        }
        return message(bytes);
    }

    @Override
    public @Nullable I tryReceive() {
        checkOpen();
        byte[] bytes = incoming.poll();
        return bytes == null ? null : message(bytes);
    }

    private void checkOpen() {
        if (isClosed) {
            throw new EndClosed("this link was closed");
        }
    }

    private I message(byte[] bytes) {
        if (bytes.length > 0) {
            count(received, bytes);
            return in.fromBytes(bytes);
        }
        incoming.add(END); // for the next one
        checkOpen();
        throw gone();
    }

    @Override
    public void onDisconnect(Runnable action) {
        checkOpen();
        actions.add(action);
        if (isGone) {
            runActions();
        }
    }

    /// Runs the actions after the end. Each is taken once, by the first thread that sees it.
    private void runActions() {
        for (Runnable action = actions.poll(); action != null; action = actions.poll()) {
            if (!isClosed) {
                Thread.ofVirtual().start(action);
            }
        }
    }

    @Override
    public int maxMessage() {
        return Integer.MAX_VALUE - Integer.BYTES;
    }

    @Override
    public EndStats outStats() {
        return stats(sent);
    }

    @Override
    public EndStats inStats() {
        return stats(received);
    }

    private static EndStats stats(LongSummaryStatistics lengths) {
        synchronized (lengths) {
            return new EndStats(lengths.getCount(), lengths.getSum(), Duration.ZERO, 0, 0, 0, 0, 1,
                    0);
        }
    }

    private static void count(LongSummaryStatistics lengths, byte[] message) {
        synchronized (lengths) {
            lengths.accept(message.length);
        }
    }

    @Override
    public Link<O, I> ownedBy(String next) {
        checkOpen();
        if (!owner.compareAndSet(null, next)) {
            throw new IllegalStateException("this link belongs to " + owner.get());
        }
        return this;
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        incoming.add(END);
        try {
            boolean _ = outgoing.offer(END, 1, TimeUnit.SECONDS); // after the messages sent
            socket.shutdownInput();
        } catch (IOException _) {
            // it is gone already
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
