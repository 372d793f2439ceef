package dev.ipcchannel.internal.posix;

import org.jspecify.annotations.Nullable;

/// Unix sockets that carry bytes (SOCK_STREAM), this process's own from the beginning to the end. A
/// [Chunk] sends and receives by them, [Sockets#hangUp] and [Sockets#endListener] close them. No
/// call waits: one thread serves them all.
public final class Streams {

    private Streams() {}

    /// Makes two that are connected to each other.
    public static Sockets.Pair pair() {
        return Sockets.pair(Sockets.SOCK_STREAM);
    }

    /// Listens at `path`, which does not exist yet.
    public static Descriptor listen(String path) {
        return Sockets.listen(Sockets.SOCK_STREAM, path);
    }

    /// Whether a socket can have that path: it is not empty, without a zero, not too long, and in
    /// letters of this locale.
    public static boolean canBePath(String path) {
        return !path.isEmpty() && path.indexOf('\0') < 0 && FileNames.canHold(path)
                && FileNames.bytes(path).length <= Sockets.MAX_PATH;
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
}
