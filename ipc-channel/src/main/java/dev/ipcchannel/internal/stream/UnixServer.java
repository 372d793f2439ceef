package dev.ipcchannel.internal.stream;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.posix.Streams;
import java.util.concurrent.atomic.AtomicBoolean;

/// A Unix socket that others connect to, at a place that its owner sees to.
public final class UnixServer implements UnixLoop.Served, AutoCloseable {

    /// A listener to it, on the loop's thread.
    public interface Visited {

        /// A process has connected.
        void onVisitor(UnixConnection visitor);

        /// No process can connect, until [#goOn].
        void onFailure(PosixException failure);

        /// It is tried again: former failures do not count.
        void onRetry();
    }

    private final Descriptor socket;
    private final UnixLoop loop;
    private final UnixLoop.Watch watch;
    private final Visited visited;
    private final int maxMessage;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private boolean isOver; // the loop's

    private UnixServer(Descriptor socket, UnixLoop loop, int maxMessage, Visited visited) {
        this.socket = socket;
        this.loop = loop;
        this.watch = loop.watch(socket, this);
        this.maxMessage = maxMessage;
        this.visited = visited;
    }

    /// Opens one.
    ///
    /// @param path of the socket, where no file is
    /// @param maxMessage bytes of the longest message that a visitor may send
    /// @throws PosixException if that is not possible
    public static UnixServer open(String path, int maxMessage, Visited visited) {
        UnixLoop loop = UnixLoop.enter();
        Descriptor socket = null;
        boolean isOpen = false;
        try {
            socket = Streams.listen(path);
            UnixServer server = new UnixServer(socket, loop, maxMessage, visited);
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

    /// Lets others connect again after a failure.
    public void goOn() throws InterruptedException {
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
    public void lookClosely(Runnable look) throws InterruptedException {
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
        loop.execute(() -> {
            isOver = true;
            watch.end();
            Sockets.endListener(socket);
            loop.leave();
        });
    }
}
