package dev.ipcchannel.named;

import dev.ipcchannel.Codec;
import dev.ipcchannel.IpcException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The sender of this process for messages that are sent one by one without a channel of their own:
/// it is open while it is used, and for a while after that, so that many calls make one member.
/// That while is its linger: what has no receiver by then is dropped with it, before the next one
/// opens. So what one thread sends stays in order.
final class KeptSender {

    private static final Map<Key, KeptSender> KEPT = new ConcurrentHashMap<>();

    private final Key key;
    private final ReentrantLock lock = new ReentrantLock(); // in which it is opened
    private final Condition over = lock.newCondition(); // never signalled: a time is waited for
    private @Nullable BroadcastSender<byte[]> sender; // these inside the lock
    private int uses; // that go on
    private long lastUse;
    private boolean isOver;

    /// The channel that it sends on.
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
        Libipc.checkName(name);
        Key key = Key.of(type, name);
        while (!KEPT.computeIfAbsent(key, KeptSender::new).isSent(data)) {
            // that one was closed at this moment
        }
    }

    /// Sends outside the lock: calls of other threads wait for room beside this one, not after it.
    ///
    /// @return false if it is over
    private boolean isSent(byte[] data) throws InterruptedException {
        BroadcastSender<byte[]> used = use();
        if (used == null) {
            return false;
        }
        try {
            used.send(data, 0);
            if (Lingering.isGoingDown()) { // the exit may have waited for it already
                Lingering.await(used);
            }
            return true;
        } catch (IpcException failure) {
            throw Libipc.failure(Libipc.NOT_SENT, failure);
        } finally {
            endUse();
        }
    }

    /// @return null if it is over
    private @Nullable BroadcastSender<byte[]> use() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (isOver) {
                return null;
            }
            BroadcastSender<byte[]> opened = open();
            uses++;
            return opened;
        } catch (RuntimeException failure) {
            throw Libipc.notOpened(key.name, failure);
        } finally {
            if (sender == null) {
                end();
            }
            lock.unlock();
        }
    }

    private void endUse() {
        lock.lock();
        try {
            uses--;
            lastUse = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    private BroadcastSender<byte[]> open() throws InterruptedException {
        BroadcastSender<byte[]> current = sender;
        if (current == null) {
            current = new BroadcastSender<>(Broadcast.of(key.type, key.name, Codec.bytes(),
                    BroadcastOptions.defaults()), _ -> true);
            sender = current;
            boolean isSeenTo = false;
            try {
                Thread _ = Thread.ofVirtual().name("ipc-channel kept sender")
                        .start(this::closeOnceIdle);
                isSeenTo = true;
            } finally {
                if (!isSeenTo) {
                    end();
                }
            }
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
                left = uses > 0 ? linger : linger - (System.nanoTime() - lastUse);
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
        BroadcastSender<byte[]> last = sender;
        if (last != null) {
            last.end(); // it has lingered
        }
    }
}
