package dev.ipcchannel.testkit;

import dev.ipcchannel.Codec;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.EndStats;
import dev.ipcchannel.Link;
import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TimedOut;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A link over a socket: each message follows its length, and a length of -1 is a farewell. One
/// thread reads and one writes, so that callers wait on a condition and not in the socket.
///
/// This file is longer than others because both directions end together and share one lock.
///
/// @param <O> the type of the messages that go out
/// @param <I> the type of the messages that come in
final class LoopbackLink<O, I> implements Link<O, I> {

    private static final int MAX_MESSAGE = 8 << 20;
    private static final int MAX_UNREAD = 64; // messages
    private static final int FAREWELL = -1;
    private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// State of the other side.
    private enum Other {
        HERE, CLOSED, DEAD
    }

    private final Socket socket;
    private final Codec<O> out;
    private final Codec<I> in;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition(); // the lock guards this and all below
    private final Deque<byte[]> unread = new ArrayDeque<>();
    private final List<Runnable> actions = new ArrayList<>();
    private byte @Nullable [] pending; // on its way into the socket
    private long begun; // number of messages taken to be written
    private long written; // number of them written
    private boolean isFlushed; // and the farewell, after a close
    private boolean isClosed;
    private Other other = Other.HERE;
    private String owner = "";
    private final LoopbackCounts sent = new LoopbackCounts();
    private final LoopbackCounts received = new LoopbackCounts();

    LoopbackLink(Socket socket, Codec<O> out, Codec<I> in) {
        this.socket = socket;
        this.out = out;
        this.in = in;
        Thread _ = Thread.ofPlatform().daemon().name("loopback reader").start(this::read);
        Thread _ = Thread.ofPlatform().daemon().name("loopback writer").start(this::write);
    }

    private void read() {
        Other end = Other.DEAD;
        try {
            DataInputStream input = new DataInputStream(socket.getInputStream());
            for (int length = input.readInt(); length >= 0; length = input.readInt()) {
                arrived(input.readNBytes(length));
            }
            end = Other.CLOSED;
            drain(input);
        } catch (IOException | InterruptedException _) {
            // no farewell: the other side is dead, or this side has given up on it
        } finally {
            ended(end);
        }
    }

    private void arrived(byte[] message) throws InterruptedException {
        lock.lock();
        try {
            while (unread.size() >= MAX_UNREAD && !isClosed) {
                changed.await();
            }
            if (!isClosed) {
                unread.add(message);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Handles the farewell of the other side, which closes the socket once this side has closed
    /// too.
    private void drain(DataInputStream input) throws IOException {
        ended(Other.CLOSED);
        while (input.read() >= 0) {
            // nothing follows a farewell
        }
    }

    private void ended(Other how) {
        lock.lock();
        try {
            if (other == Other.HERE) {
                other = how;
                if (!isClosed) {
                    actions.forEach(LoopbackLink::start);
                }
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void start(Runnable action) {
        Thread _ = Thread.ofVirtual().start(action);
    }

    private void write() {
        try (socket) {
            DataOutputStream output = new DataOutputStream(socket.getOutputStream());
            for (byte[] message = next(); message != null; message = next()) {
                byte[] frame = new byte[Integer.BYTES + message.length]; // in one piece
                ByteBuffer.wrap(frame).putInt(message.length).put(message);
                output.write(frame);
                isWritten();
            }
            output.writeInt(FAREWELL);
            socket.shutdownOutput();
            isWritten();
            awaitTheOther();
        } catch (IOException | InterruptedException _) {
            ended(Other.DEAD);
        } finally {
            isWritten();
        }
    }

    /// @return null once no further message will come
    private byte @Nullable [] next() throws InterruptedException {
        lock.lock();
        try {
            while (pending == null && !isClosed && other == Other.HERE) {
                changed.await();
            }
            return other == Other.HERE ? pending : null;
        } finally {
            lock.unlock();
        }
    }

    private void isWritten() {
        lock.lock();
        try {
            isFlushed = (isClosed && pending == null) || other != Other.HERE;
            if (pending != null) {
                written++;
                pending = null;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the other side to close: closing the socket earlier would lose what it has sent.
    private void awaitTheOther() throws InterruptedException {
        lock.lock();
        try {
            long left = FLUSH_NANOS;
            while (other == Other.HERE && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void send(O message) throws InterruptedException {
        send(message, Long.MAX_VALUE, "");
    }

    @Override
    public void send(O message, Duration timeout) throws InterruptedException {
        send(message, timeout.toNanos(), timeout.toString());
    }

    private void send(O message, long nanos, String timeout) throws InterruptedException {
        byte[] bytes = bytes(message);
        long start = System.nanoTime();
        lock.lockInterruptibly();
        try {
            checkEnds();
            for (long left = nanos; pending != null;) {
                if (left <= 0) {
                    throw new TimedOut("there was no room in time: timeout=" + timeout);
                }
                left = changed.awaitNanos(left);
                checkEnds();
            }
            put(bytes);
            awaitWritten(begun, nanos - (System.nanoTime() - start));
        } finally {
            sent.waited(System.nanoTime() - start);
            lock.unlock();
        }
    }

    /// Waits until the message is in the socket. It is on its way already, so a timeout or an
    /// interrupt ends only this wait.
    private void awaitWritten(long number, long nanos) {
        try {
            long left = nanos;
            while (written < number && other == Other.HERE && !isClosed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public SendOutcome trySend(O message) {
        byte[] bytes = bytes(message);
        lock.lock();
        try {
            checkEnds();
            if (pending != null) {
                return SendOutcome.FULL;
            }
            put(bytes);
            return SendOutcome.SENT;
        } finally {
            lock.unlock();
        }
    }

    private void put(byte[] bytes) {
        pending = bytes;
        begun++;
        sent.add(bytes.length);
        changed.signalAll();
    }

    private byte[] bytes(O message) {
        byte[] bytes = out.toBytes(message);
        if (bytes.length > MAX_MESSAGE) {
            throw new MessageTooLarge("a message is too long: length=" + bytes.length);
        }
        return bytes;
    }

    private void checkOpen() {
        if (isClosed) {
            throw new EndClosed("this link is closed");
        }
    }

    private void checkEnds() {
        checkOpen();
        if (other != Other.HERE) {
            throw new Disconnected("the other side is gone: " + other, other == Other.DEAD, null,
                    null);
        }
    }

    @Override
    public I receive() throws InterruptedException {
        return receive(Long.MAX_VALUE, "");
    }

    @Override
    public I receive(Duration timeout) throws InterruptedException {
        return receive(timeout.toNanos(), timeout.toString());
    }

    private I receive(long nanos, String timeout) throws InterruptedException {
        long start = System.nanoTime();
        byte[] bytes;
        lock.lockInterruptibly();
        try {
            long left = nanos;
            for (bytes = poll(); bytes == null; bytes = poll()) {
                if (left <= 0) {
                    throw new TimedOut("no message came in time: timeout=" + timeout);
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            received.waited(System.nanoTime() - start);
            lock.unlock();
        }
        return in.fromBytes(bytes);
    }

    @Override
    public @Nullable I tryReceive() {
        byte[] bytes;
        lock.lock();
        try {
            bytes = poll();
        } finally {
            lock.unlock();
        }
        return bytes == null ? null : in.fromBytes(bytes);
    }

    private byte @Nullable [] poll() {
        checkOpen();
        byte[] bytes = unread.poll();
        if (bytes == null) {
            checkEnds();
            return null;
        }
        received.add(bytes.length);
        changed.signalAll(); // there is room
        return bytes;
    }

    @Override
    public int maxMessage() {
        return MAX_MESSAGE;
    }

    @Override
    public EndStats outStats() {
        return sent.stats(1);
    }

    @Override
    public EndStats inStats() {
        return received.stats(0);
    }

    @Override
    public void onDisconnect(Runnable action) {
        lock.lock();
        try {
            checkOpen();
            if (other == Other.HERE) {
                actions.add(action);
            } else {
                start(action);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Link<O, I> ownedBy(String name) {
        lock.lock();
        try {
            checkOpen();
            if (!owner.isEmpty()) {
                throw new IllegalStateException("this link belongs to " + owner);
            }
            owner = name;
            return this;
        } finally {
            lock.unlock();
        }
    }

    /// Closes the link. All that was sent is in the socket when this returns, if the other side
    /// takes it within a second.
    @Override
    public void close() {
        lock.lock();
        try {
            if (isClosed) {
                return;
            }
            isClosed = true;
            unread.clear();
            changed.signalAll();
            long left = FLUSH_NANOS;
            while (!isFlushed && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (!isFlushed) {
                LoopbackTransport.close(socket);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
