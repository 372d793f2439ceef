package dev.ipcchannel.worker;

import dev.ipcchannel.internal.rendezvous.ServerDirectory;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A Unix socket that others connect to, in a directory that only its user may enter. The directory
/// is gone when it is closed, when the JVM exits, or, if that is killed, with the user's next
/// server.
final class UnixServer implements UnixLoop.Served, AutoCloseable {

    /// Who is told, on the loop's thread.
    interface Visited {

        /// Somebody has connected.
        void onVisitor(UnixConnection visitor);

        /// Nobody can connect, until [#goOn].
        void onFailure(IOException failure);

        /// It is tried again: former failures do not count.
        void onRetry();
    }

    private static final int BACKLOG = 128;

    private final ServerDirectory directory;
    private final ServerSocketChannel socket;
    private final UnixLoop loop;
    private final Visited visited;
    private final int maxMessage;
    private final Thread hook;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private @Nullable SelectionKey key; // the loop's

    private UnixServer(ServerDirectory directory, ServerSocketChannel socket, UnixLoop loop,
            int maxMessage, Visited visited) {
        this.directory = directory;
        this.socket = socket;
        this.loop = loop;
        this.maxMessage = maxMessage;
        this.visited = visited;
        this.hook = new Thread(directory::close, "ipc-channel server removal");
    }

    /// Opens one.
    ///
    /// @param maxMessage bytes of the longest message that a visitor may send
    static UnixServer open(int maxMessage, Visited visited) {
        ServerDirectory directory = SocketFailures.directory();
        try {
            return open(directory, maxMessage, visited);
        } catch (IOException failure) {
            directory.close();
            throw SocketFailures.of("a child cannot be listened for: address="
                    + directory.socketPath(), failure);
        }
    }

    private static UnixServer open(ServerDirectory directory, int maxMessage, Visited visited)
            throws IOException {
        UnixLoop loop = UnixLoop.enter();
        try {
            UnixServer server = new UnixServer(directory, listen(directory.socketPath()), loop,
                    maxMessage, visited);
            server.start();
            return server;
        } catch (IOException failure) {
            loop.leave();
            throw failure;
        }
    }

    private static ServerSocketChannel listen(String path) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            socket.bind(UnixDomainSocketAddress.of(path), BACKLOG);
            socket.configureBlocking(false);
            return socket;
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    private void start() {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is on its way out: the next server sweeps.
        }
        loop.execute(() -> {
            try {
                key = loop.add(socket, SelectionKey.OP_ACCEPT, this);
            } catch (ClosedChannelException _) {
                // It was over before it began.
            }
        });
    }

    String address() {
        return directory.socketPath();
    }

    /// Lets others connect again after a failure.
    void goOn() throws InterruptedException {
        loop.call(() -> {
            visited.onRetry();
            setInterest(SelectionKey.OP_ACCEPT);
        });
    }

    private void setInterest(int interest) {
        if (key != null && key.isValid()) {
            key.interestOps(interest);
        }
    }

    /// Has the loop take up all who have connected, then run `look`, and waits for that. Not after
    /// the close.
    void lookClosely(Runnable look) throws InterruptedException {
        loop.call(() -> {
            serve();
            look.run();
        });
    }

    @Override
    public void serve() {
        try {
            for (SocketChannel visitor = accept(); visitor != null; visitor = accept()) {
                visited.onVisitor(UnixConnection.open(visitor, maxMessage));
            }
        } catch (IOException failure) { // EMFILE, above all
            setInterest(0); // or the loop would fail all the time
            visited.onFailure(failure);
        }
    }

    private @Nullable SocketChannel accept() throws IOException {
        try {
            return socket.accept();
        } catch (ClosedChannelException _) {
            return null;
        }
    }

    /// Nobody can connect any more. The second and later closes do nothing.
    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        directory.close();
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is on its way out, and the hook has nothing left to do.
        }
        loop.execute(() -> {
            try {
                socket.close();
            } catch (IOException _) {
                // The kernel has let go of it, whatever it says.
            }
            loop.leave();
        });
    }
}
