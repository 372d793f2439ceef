package dev.ipcchannel.named;

import dev.ipcchannel.IpcException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The sender of this process for messages that are sent one by one without a channel of their own:
/// it is open while it is used, and for a while after that, so that many calls make one member.
final class KeptSender {

    private static final Map<Key, KeptSender> KEPT = new ConcurrentHashMap<>();

    private final Key key;
    private final ReentrantLock lock = new ReentrantLock(); // in which a message is sent
    private final Condition over = lock.newCondition(); // never signalled: a time is waited for
    private @Nullable IpcChannel<byte[]> channel; // these inside the lock
    private long lastUse;
    private boolean isOver;

    /// What it sends on.
    private record Key(ChannelType type, String name, String directory) {

        /// Tests move from directory to directory; others have one.
        static Key of(ChannelType type, String name) {
            try {
                return new Key(type, name, String.valueOf(NamedDirectory.path()));
            } catch (IpcException failure) {
                throw Libipc.failure(Libipc.notCreated(name), failure);
            }
        }
    }

    private KeptSender(Key key) {
        this.key = key;
    }

    /// Sends a message.
    static void send(ChannelType type, String name, byte[] data) throws InterruptedException {
        Opening.check(name);
        Key key = Key.of(type, name);
        while (!KEPT.computeIfAbsent(key, KeptSender::new).isSent(data)) {
            // that one was closed at this moment
        }
    }

    /// @return false if it is over
    private boolean isSent(byte[] data) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (!isOver) {
                open().send(data);
            }
            return !isOver;
        } finally {
            lastUse = System.nanoTime();
            if (channel == null) {
                end();
            }
            lock.unlock();
        }
    }

    private IpcChannel<byte[]> open() throws InterruptedException {
        IpcChannel<byte[]> current = channel;
        if (current == null) {
            current = IpcChannel.open(key.type, key.name, ConnMode.SENDER);
            channel = current;
            lastUse = System.nanoTime();
            Thread _ = Thread.ofVirtual().name("ipc-channel kept sender")
                    .start(this::closeOnceIdle);
        }
        return current;
    }

    private void closeOnceIdle() {
        lock.lock();
        try {
            long linger = BroadcastOptions.defaults().linger().toNanos();
            long left = linger;
            while (left > 0) {
                boolean _ = over.await(left, TimeUnit.NANOSECONDS);
                left = linger - (System.nanoTime() - lastUse);
            }
        } catch (InterruptedException impossible) { // nobody has this thread
            throw new AssertionError(impossible);
        } finally {
            end();
            lock.unlock();
        }
    }

    /// Inside the lock.
    private void end() {
        isOver = true;
        boolean _ = KEPT.remove(key, this);
        IpcChannel<byte[]> last = channel;
        if (last != null) {
            last.close();
        }
    }
}
