package dev.ipcchannel.internal.posix;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Unix sockets that carry bytes (SOCK_STREAM), this process's own from the beginning to the end. A
/// [Chunk] sends and receives by them. No call waits: one thread serves them all.
///
/// A socket takes along what is unread when it is closed, and if that is a descriptor, its last
/// close may wait for whoever sent it. So a socket is closed in place only when it is known to have
/// none.
public final class Streams {

    /// The most connections that a listener has at once and has not accepted.
    public static final int MAX_UNACCEPTED = Sockets.BACKLOG + 1; // as Linux counts

    private Streams() {}

    /// Makes two that are connected to each other.
    public static Sockets.Pair pair() {
        return Sockets.pair(Sockets.SOCK_STREAM);
    }

    /// Listens at `path`, which does not exist yet.
    public static Descriptor listen(String path) {
        return Sockets.listen(Sockets.SOCK_STREAM, path);
    }

    /// Whether a socket can have that path: it is not empty, without a zero, and not too long.
    public static boolean canBePath(String path) {
        return !path.isEmpty() && path.indexOf('\0') < 0
                && path.getBytes(StandardCharsets.UTF_8).length <= Sockets.MAX_PATH;
    }

    /// Connects to a listener, if it has room for one more now.
    ///
    /// @return null while its queue of unaccepted connections is full
    /// @throws PosixException if nobody listens there (ECONNREFUSED, ENOENT)
    public static @Nullable Descriptor tryConnect(String path) {
        try (Frame frame = Frame.borrow()) {
            Descriptor socket = Sockets.create(frame, Sockets.SOCK_STREAM);
            boolean isConnected = false;
            try {
                isConnected = Sockets.connect(frame, socket, path);
                if (!isConnected && frame.errno() != Errno.EAGAIN) {
                    throw frame.failure("connect", "path=" + path);
                }
                return isConnected ? socket : null;
            } finally {
                if (!isConnected) {
                    socket.close();
                }
            }
        }
    }

    /// Closes a connection, and drops what is unread: in place, or where that may wait.
    public static void close(Descriptor connection) {
        Sockets.shutdown(connection); // from here on its queue only gets shorter
        if (isWithoutDescriptors(connection)) {
            connection.close();
        } else {
            connection.handOverLater();
        }
    }

    private static boolean isWithoutDescriptors(Descriptor connection) {
        Chunk chunk = Chunk.borrow();
        try {
            Chunk.Receiving found = Chunk.Receiving.BYTES;
            while (found == Chunk.Receiving.BYTES) {
                found = chunk.receiveBytes(connection);
            }
            return found != Chunk.Receiving.DESCRIPTORS;
        } catch (PosixException _) { // ECONNRESET: said where there is nothing to be read
            return true;
        } finally {
            chunk.giveBack();
        }
    }

    /// Closes a listener, and all who have connected and were not accepted: in place, or where that
    /// may wait.
    public static void closeListener(Descriptor listener) {
        Sockets.shutdown(listener); // from here on nobody connects
        try {
            for (int i = 0; i <= MAX_UNACCEPTED; i++) {
                Descriptor connection = Sockets.accept(listener);
                if (connection != null) {
                    close(connection);
                }
            }
        } catch (PosixException failure) {
            if (failure.errno() == Errno.EINVAL) { // there is none any more
                listener.close();
                return;
            }
        }
        listener.handOverLater(); // EMFILE: they go with it
    }
}
