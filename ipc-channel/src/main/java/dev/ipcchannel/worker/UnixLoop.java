package dev.ipcchannel.worker;

import dev.ipcchannel.internal.posix.GoingDown;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// The one thread that serves all Unix sockets of this process: it accepts, reads, and flushes what
/// a sender could not write itself.
///
/// It is there as long as somebody uses it, sleeps in the kernel while nothing happens, but not
/// while the JVM goes down, which would wait for that. It is a daemon and never runs user code.
final class UnixLoop {

    /// Somebody with a socket. Called on the loop's thread.
    interface Served {

        /// The socket is ready for something that was asked for.
        void serve();
    }

    private static final int BUFFER = 64 * 1024;

    private static @Nullable UnixLoop current; // guarded by the class, as users are

    private final Selector selector;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final Thread hook = new Thread(this::goDown, "ipc-channel unix going down");
    private int users;
    private volatile boolean isOver;
    private volatile boolean isGoingDown;

    private UnixLoop(Selector selector) {
        this.selector = selector;
    }

    /// The process's loop, started if it is not there, for one more user, who has to [#leave] it.
    static synchronized UnixLoop enter() throws IOException {
        UnixLoop loop = current;
        if (loop == null) {
            loop = start();
            current = loop;
        }
        loop.users++;
        return loop;
    }

    private static UnixLoop start() throws IOException {
        Selector selector = Selector.open();
        boolean isStarted = false;
        try {
            UnixLoop loop = new UnixLoop(selector);
            Thread thread = new Thread(loop::run, "ipc-channel unix");
            thread.setDaemon(true);
            thread.start();
            isStarted = true;
            return loop;
        } finally {
            if (!isStarted) {
                selector.close();
            }
        }
    }

    /// One user less: the last one ends the loop.
    void leave() {
        synchronized (UnixLoop.class) {
            users--;
            if (users > 0) {
                return;
            }
            current = null;
        }
        isOver = true;
        selector.wakeup();
    }

    /// Has the loop's thread run `task` soon; nothing, if the loop is over.
    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /// Has the loop's thread run `task`, and waits for that; nothing, if the loop is over.
    void call(Runnable task) throws InterruptedException {
        if (!stay()) {
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        execute(() -> {
            try {
                task.run();
            } finally {
                done.complete(null);
            }
        });
        try {
            done.get();
        } catch (ExecutionException impossible) {
            throw new AssertionError(impossible);
        } finally {
            leave();
        }
    }

    /// @return whether the loop has one more user now, as it is not over
    private boolean stay() {
        synchronized (UnixLoop.class) {
            users += users == 0 ? 0 : 1;
            return users > 0;
        }
    }

    /// Serves a socket from now on. On the loop's thread.
    SelectionKey add(SelectableChannel socket, int interest, Served served)
            throws ClosedChannelException {
        return socket.register(selector, interest, served);
    }

    /// Memory to read into, for as long as one call of the loop's lasts.
    ByteBuffer buffer() {
        return buffer.clear();
    }

    private void run() {
        addHook();
        while (!isOver) {
            try {
                look();
            } catch (IOException | RuntimeException | Error failure) {
                report(failure);
            }
        }
        runTasks();
        close();
    }

    private void look() throws IOException {
        if (isGoingDown) {
            selector.selectNow(UnixLoop::serve);
            GoingDown.pause(Long.MAX_VALUE);
        } else {
            selector.select(UnixLoop::serve);
        }
        boolean _ = Thread.interrupted(); // nobody's business; and nobody could sleep with it
        runTasks();
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            run(task);
        }
    }

    private static void serve(SelectionKey key) {
        if (key.isValid() && key.attachment() instanceof Served served) {
            run(served::serve);
        }
    }

    /// The others are served all the same.
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failure) {
            report(failure);
        }
    }

    private void addHook() {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException _) {
            isGoingDown = true;
        }
    }

    private void goDown() {
        isGoingDown = true; // before the call: who has seen false is woken
        selector.wakeup();
    }

    private void close() {
        try {
            selector.close();
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IOException failure) {
            report(failure);
        } catch (IllegalStateException _) {
            // The JVM is on its way out.
        }
    }

    /// Nothing here is expected to fail; the loop never gives up.
    private static void report(Throwable failure) {
        try {
            System.getLogger("dev.ipcchannel").log(Level.ERROR,
                    "the thread for Unix sockets met an unexpected failure", failure);
        } catch (RuntimeException | Error _) {
            // No memory to say it with, or a logger of the user's that fails.
        }
    }
}
