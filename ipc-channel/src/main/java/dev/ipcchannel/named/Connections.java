package dev.ipcchannel.named;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The holder of a broadcast channel's present connection, which comes and goes until the channel
/// is closed.
///
/// One thread at a time connects or disconnects, which takes a while, under the lock `connecting`.
/// Under `lock`, which is taken after `connecting` and only for a moment, the connection is put in
/// or taken out. So a close never waits: a thread that connects meanwhile finds the channel closed
/// and closes its new connection.
///
/// @param <T> the type of the messages
final class Connections<T> {

    private final Broadcast<T> channel;
    private final ReentrantLock connecting = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock(); // for writes to the following fields
    private volatile @Nullable Connection<T> connection;
    private volatile boolean isClosed;
    private volatile ConnMode mode; // of the present, the last or the first connection

    Connections(Broadcast<T> channel, ConnMode mode) {
        this.channel = channel;
        this.mode = mode;
    }

    /// Connects, unless the channel is connected.
    ///
    /// @throws EndClosed if the channel is closed
    void connect(ConnMode as) throws InterruptedException {
        connecting.lockInterruptibly();
        try {
            if (isClosed) {
                throw Libipc.closed(channel.name());
            }
            if (connection == null) {
                putIn(opened(as));
            }
        } finally {
            connecting.unlock();
        }
    }

    private Connection<T> opened(ConnMode as) throws InterruptedException {
        try {
            return Connection.open(channel, as);
        } catch (RuntimeException failure) {
            throw Libipc.notOpened(channel.name(), failure);
        }
    }

    private void putIn(Connection<T> opened) {
        lock.lock();
        try {
            if (!isClosed) {
                connection = opened;
                mode = opened.mode();
                return;
            }
        } finally {
            lock.unlock();
        }
        opened.close();
        throw Libipc.closed(channel.name());
    }

    /// Disconnects, unless the channel is disconnected.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits for senders; the
    /// channel is disconnected
    void disconnect() throws InterruptedException {
        connecting.lock();
        try {
            Connection<T> last = takeOut(connection, false);
            if (last != null) {
                last.leave();
            }
        } finally {
            connecting.unlock();
        }
    }

    /// Closes the channel for good.
    void close() {
        Connection<T> last = takeOut(connection, true);
        if (last != null) {
            last.close();
        }
    }

    /// @param expected the connection to take out: if it is gone already, nothing happens
    private @Nullable Connection<T> takeOut(@Nullable Connection<T> expected, boolean isForEver) {
        lock.lock();
        try {
            isClosed |= isForEver;
            Connection<T> last = isForEver || connection == expected ? connection : null;
            if (last != null) {
                connection = null;
            }
            return last;
        } finally {
            lock.unlock();
        }
    }

    /// The connection, for a call that needs one.
    ///
    /// @throws Disconnected if there is none
    /// @throws EndClosed if the channel is closed
    Connection<T> current() {
        Connection<T> current = connection;
        if (current == null) {
            throw noConnection();
        }
        return current;
    }

    private IpcException noConnection() {
        return isClosed ? Libipc.closed(channel.name()) : Libipc.notConnected(channel.name());
    }

    /// The exception of a failed call. It also ends a connection that was cut off, so that the
    /// channel can connect again.
    ///
    /// @param detail the words for what has failed
    /// @param used the connection of the call
    IpcException failed(String detail, Connection<T> used, IpcException failure) {
        boolean isCutOff = failure instanceof Disconnected && used.isCutOff() && !isClosed;
        boolean isEnd = failure instanceof EndClosed || failure instanceof Disconnected;
        if (isEnd && !isCutOff && used != connection) { // by another thread of this process
            return noConnection();
        }
        if (isCutOff && takeOut(used, false) != null) {
            used.close();
        }
        return Libipc.failure(detail, failure);
    }

    /// The exception of a failed call that reads in place. An exception of its handler is not
    /// changed, even if it is about another channel.
    RuntimeException failedInPlace(String detail, Connection<T> used, RuntimeException failure) {
        return switch (failure) {
            case NumberedHandler.Thrown inHandler -> inHandler.failure();
            case IpcException known -> failed(detail, used, known);
            default -> failure;
        };
    }

    ConnMode mode() {
        return mode;
    }

    boolean isConnected() {
        return connection != null;
    }

    boolean isClosed() {
        return isClosed;
    }

    /// The number of receivers; 0 without a connection, -1 if the channel is closed.
    int receiverCount() {
        Connection<T> current = connection;
        if (current == null) {
            return isClosed ? -1 : 0;
        }
        try {
            return current.receiverCount();
        } catch (IpcException failure) {
            if (current != connection) { // that connection has ended meanwhile
                return receiverCount();
            }
            throw Libipc.failure(Libipc.NOT_COUNTED, failure);
        }
    }

    /// The number of dropped messages of each receiver that is there; empty without a connection.
    Map<NamedMember, Long> droppedByReceiver() {
        Connection<T> current = connection;
        return current == null ? Map.of() : current.sender().droppedByReceiver();
    }

    @Override
    public String toString() {
        String state = connection == null ? "disconnected" : "connected";
        return "%s %s, %s, %s".formatted(channel.type(), channel.name(), mode,
                isClosed ? "closed" : state);
    }
}
