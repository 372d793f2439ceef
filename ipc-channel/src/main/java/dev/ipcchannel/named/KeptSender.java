package dev.ipcchannel.named;

import dev.ipcchannel.Codec;
import dev.ipcchannel.IpcException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A sender for single messages that are sent without a channel of their own. It is open while it
/// is used and for the time of its linger after that, so that many calls make one member. Messages
/// without a receiver by then are dropped with it, before the next such sender opens; so messages
/// of one thread remain in order.
final class KeptSender {

    private static final Map<Key, KeptSender> KEPT = new ConcurrentHashMap<>();

    private final Key key;
    private final ReentrantLock lock = new ReentrantLock(); // held while it is opened
    private final Condition over = lock.newCondition(); // never signalled: only timed waits
    private @Nullable BroadcastSender<byte[]> sender; // guarded by the lock, as the rest
    private int uses; // now
    private long lastUse;
    private boolean isOver;

    /// The key of a kept sender: its channel.
    private record Key(ChannelType type, String name, String directory) {

        /// The directory is part of the key since tests change it; programs have one.
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
            // that sender was closed at this moment
        }
    }

    /// Sends outside the lock, so that other threads wait for room at the same time.
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
        } catch (InterruptedException impossible) { // no other code has this thread
            throw new AssertionError(impossible);
        } finally {
            end();
            lock.unlock();
        }
    }

    /// Called inside the lock.
    private void end() {
        isOver = true;
        boolean _ = KEPT.remove(key, this);
        BroadcastSender<byte[]> last = sender;
        if (last != null) {
            last.end(); // its linger is over
        }
    }
}
