package dev.ipcchannel.worker;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.posix.Streams;
import dev.ipcchannel.internal.rendezvous.ServerDirectory;
import java.util.concurrent.atomic.AtomicBoolean;

/// A Unix socket that others connect to, in a directory that only its user may enter. The directory
/// is gone when it is closed, when the JVM has run its shutdown hooks, or, if that is killed, with
/// the user's next server.
final class UnixServer implements UnixLoop.Served, AutoCloseable {

    /// A listener to it, on the loop's thread.
    interface Visited {

        /// A process has connected.
        void onVisitor(UnixConnection visitor);

        /// No process can connect, until [#goOn].
        void onFailure(PosixException failure);

        /// It is tried again: former failures do not count.
        void onRetry();
    }

    private final ServerDirectory directory;
    private final Descriptor socket;
    private final UnixLoop loop;
    private final UnixLoop.Watch watch;
    private final Visited visited;
    private final int maxMessage;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private boolean isOver; // the loop's

    private UnixServer(ServerDirectory directory, Descriptor socket, UnixLoop loop,
            int maxMessage, Visited visited) {
        this.directory = directory;
        this.socket = socket;
        this.loop = loop;
        this.watch = loop.watch(socket, this);
        this.maxMessage = maxMessage;
        this.visited = visited;
    }

    /// Opens one.
    ///
    /// @param maxMessage bytes of the longest message that a visitor may send
    static UnixServer open(int maxMessage, Visited visited) {
        ServerDirectory directory = SocketFailures.directory();
        try {
            return open(directory, maxMessage, visited);
        } catch (PosixException failure) {
            directory.close();
            throw SocketFailures.of("a child cannot be listened for: address="
                    + directory.socketPath(), failure);
        }
    }

    private static UnixServer open(ServerDirectory directory, int maxMessage, Visited visited) {
        UnixLoop loop = UnixLoop.enter();
        Descriptor socket = null;
        boolean isOpen = false;
        try {
            socket = Streams.listen(directory.socketPath());
            UnixServer server = new UnixServer(directory, socket, loop, maxMessage, visited);
            server.watch.begin();
            isOpen = true;
            return server;
        } finally {
            if (!isOpen) {
                if (socket != null) {
                    Sockets.endListener(socket);
                }
                loop.leave();
            }
        }
    }

    String address() {
        return directory.socketPath();
    }

    /// Lets others connect again after a failure.
    void goOn() throws InterruptedException {
        loop.call(() -> {
            visited.onRetry();
            listen(true);
        });
    }

    private void listen(boolean isWanted) {
        if (!isOver) {
            watch.want(isWanted, false);
        }
    }

    /// Has the loop take up all who have connected, then run `look`, and waits for that. Not after
    /// the close.
    void lookClosely(Runnable look) throws InterruptedException {
        loop.call(() -> {
            takeUp();
            look.run();
        });
    }

    @Override
    public void serve(boolean isReadable, boolean isWritable) {
        takeUp();
    }

    /// Takes up the connections that are there. Those that come meanwhile have their turn after the
    /// sockets.
    private void takeUp() {
        try {
            for (int i = 0; i < Sockets.MAX_UNACCEPTED && !isOver; i++) {
                Descriptor visitor = Sockets.accept(socket);
                if (visitor == null) {
                    return;
                }
                visited.onVisitor(UnixConnection.open(visitor, maxMessage));
            }
        } catch (PosixException failure) { // EMFILE, above all
            listen(false); // or the loop would fail all the time
            visited.onFailure(failure);
        }
    }

    /// Nobody can connect any more. The second and later closes do nothing.
    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        directory.close();
        loop.execute(() -> {
            isOver = true;
            watch.end();
            Sockets.endListener(socket);
            loop.leave();
        });
    }
}
