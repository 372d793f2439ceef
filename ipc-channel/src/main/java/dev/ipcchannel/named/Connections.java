package dev.ipcchannel.named;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The connection of a broadcast channel, which comes and goes until the channel is closed.
///
/// One thread at a time connects or disconnects, which takes a while, inside of `connecting`;
/// inside of `lock`, which is taken after that one and for a moment, the connection is put in or
/// taken out. So a close waits for nobody: a thread that connects meanwhile finds it closed, and
/// ends what it has made.
///
/// @param <T> the type of the messages
final class Connections<T> {

    private final Broadcast<T> channel;
    private final ReentrantLock connecting = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock(); // of these, for those that write them
    private volatile @Nullable Connection<T> connection;
    private volatile boolean isClosed;
    private volatile ConnMode mode; // of the connection that is, was last, or comes first

    Connections(Broadcast<T> channel, ConnMode mode) {
        this.channel = channel;
        this.mode = mode;
    }

    /// Connects, unless it is connected.
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

    /// Disconnects, unless it is disconnected.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits for senders; it is
    /// disconnected
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

    /// @param expected the connection that is to go: if it has gone, nothing does
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

    /// The connection, for a verb that needs one.
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

    /// What a verb throws that has failed. A connection that was cut off is over with that: the
    /// channel can connect again.
    ///
    /// @param detail what has not been done
    /// @param used the connection that it had
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

    /// What a verb throws that reads in place: what its handler has thrown stays as it is, also
    /// where that is a failure of another channel.
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

    /// How many receivers there are; 0 without a connection, -1 if the channel is closed.
    int receiverCount() {
        Connection<T> current = connection;
        if (current == null) {
            return isClosed ? -1 : 0;
        }
        try {
            return current.receiverCount();
        } catch (IpcException failure) {
            if (current != connection) { // it has ended meanwhile
                return receiverCount();
            }
            throw Libipc.failure(Libipc.NOT_COUNTED, failure);
        }
    }

    /// How many messages were dropped for each receiver that is there; none without a connection.
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
