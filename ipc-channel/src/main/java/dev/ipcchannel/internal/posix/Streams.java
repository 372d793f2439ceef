package dev.ipcchannel.internal.posix;

import org.jspecify.annotations.Nullable;

/// The Unix sockets that carry bytes (SOCK_STREAM), which belong to this process for their whole
/// life. A [Chunk] sends and receives by them; [Sockets#hangUp] and [Sockets#endListener] close
/// them. No call waits, because one thread serves all of them.
public final class Streams {

    private Streams() {}

    /// Makes two sockets that are connected to each other.
    public static Sockets.Pair pair() {
        return Sockets.pair(Sockets.SOCK_STREAM);
    }

    /// Listens at `path`, which does not exist yet.
    public static Descriptor listen(String path) {
        return Sockets.listen(Sockets.SOCK_STREAM, path);
    }

    /// Whether a socket can have that path: it is not empty, has no zero character, is not too
    /// long, and has only letters of this locale.
    public static boolean canBePath(String path) {
        return !path.isEmpty() && path.indexOf('\0') < 0 && FileNames.canHold(path)
                && FileNames.bytes(path).length <= Sockets.MAX_PATH;
    }

    /// Connects to a listener, if it has room for one more connection now.
    ///
    /// @return null while its queue of unaccepted connections is full
    /// @throws PosixException if there is no listener (ECONNREFUSED, ENOENT)
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
