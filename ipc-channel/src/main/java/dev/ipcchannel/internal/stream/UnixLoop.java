package dev.ipcchannel.internal.stream;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.SharedThread;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.posix.Epoll.Interest;
import dev.ipcchannel.internal.posix.Event;
import dev.ipcchannel.internal.wait.ShutdownSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The one thread that serves all Unix sockets of this process: it sees their ends, reads where no
/// other thread does, and flushes what a sender could not write itself.
///
/// It runs as long as it has users, and sleeps in the kernel while nothing happens, except while
/// the JVM goes down, which would wait for the sleep. It is a daemon, never runs user code, and
/// makes no call that another process could prolong.
public final class UnixLoop {

    /// The owner of a socket. Called on the loop's thread.
    interface Served {

        /// Handles a ready socket. After an end it counts as ready for everything.
        void serve(boolean isReadable, boolean isWritable);
    }

    /// A socket's registration. Only `begin` may be called by other threads than the loop's.
    final class Watch {

        private final Descriptor socket;
        private final Served served;
        private final long token = tokens.incrementAndGet();
        private Interest interest = Interest.STATE;

        private Watch(Descriptor socket, Served served) {
            this.socket = socket;
            this.served = served;
        }

        /// Starts serving the socket when there is something to read. Any thread may call it.
        ///
        /// @throws dev.ipcchannel.internal.posix.PosixException if the kernel can watch no more
        void begin() {
            watches.put(token, this);
            boolean isAdded = false;
            try {
                epoll.add(socket, interest, token);
                isAdded = true;
            } finally {
                if (!isAdded) {
                    watches.remove(token);
                }
            }
        }

        /// Sets what the owner waits for from now on. An end is reported once in any case.
        void want(boolean reads, boolean writes) {
            Interest wanted = reads ? writes ? Interest.STATE_OR_ROOM : Interest.STATE
                    : writes ? Interest.ROOM : Interest.END;
            if (wanted != interest) {
                interest = wanted;
                epoll.change(socket, wanted, token);
            }
        }

        /// Whether incoming bytes are read; if not, an event means an end.
        boolean reads() {
            return interest == Interest.STATE || interest == Interest.STATE_OR_ROOM;
        }

        /// Stops serving it. Called before the socket's close.
        void end() {
            watches.remove(token);
            epoll.remove(socket);
        }
    }

    private static final long WAKE = 0; // the event's token; a watch's is never 0

    // A virtual thread that waits for it releases its carrier.
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static @Nullable UnixLoop current; // guarded by the lock

    private final Epoll epoll;
    private final Event event;
    private final Map<Long, Watch> watches = new ConcurrentHashMap<>();
    private final AtomicLong tokens = new AtomicLong(WAKE);
    private final Thread hook = new Thread(this::goDown, "ipc-channel unix shutdown");
    private List<Runnable> tasks = new ArrayList<>(); // guarded by the lock, as the next two are
    private boolean isWoken;
    private int users;
    private volatile boolean isOver; // written under the lock
    private volatile boolean isGoingDown;

    private UnixLoop(Epoll epoll, Event event) {
        this.epoll = epoll;
        this.event = event;
    }

    /// The process's loop, started if it does not run, for one more user, which has to [#leave] it.
    ///
    /// @throws dev.ipcchannel.internal.posix.PosixException if it cannot be started
    public static UnixLoop enter() {
        LOCK.lock();
        try {
            UnixLoop loop = current;
            if (loop == null) {
                loop = start();
                current = loop;
            }
            loop.users++;
            return loop;
        } finally {
            LOCK.unlock();
        }
    }

    private static UnixLoop start() {
        Epoll epoll = new Epoll();
        Event event = null;
        boolean isStarted = false;
        try {
            event = new Event();
            epoll.add(event.descriptor(), Interest.STATE, WAKE);
            UnixLoop loop = new UnixLoop(epoll, event);
            new SharedThread(loop::run, "ipc-channel unix").start();
            isStarted = true;
            return loop;
        } finally {
            if (!isStarted) {
                epoll.close();
                if (event != null) {
                    event.descriptor().close();
                }
            }
        }
    }

    /// Removes a user: the last one ends the loop.
    public void leave() {
        LOCK.lock();
        try {
            users--;
            if (users == 0) {
                current = null;
                isOver = true;
                wake();
            }
        } finally {
            LOCK.unlock();
        }
    }

    /// Runs `task` on the loop's thread soon; does nothing if the loop is over.
    ///
    /// @return whether it will run
    public boolean execute(Runnable task) {
        LOCK.lock();
        try {
            if (!isOver) { // else the last tasks were taken, or are about to be
                tasks.add(task);
                wake();
            }
            return !isOver;
        } finally {
            LOCK.unlock();
        }
    }

    /// Called under the lock, under which the event is closed as well.
    private void wake() {
        if (!isWoken) {
            isWoken = true;
            event.signal();
        }
    }

    /// A registration that has not begun.
    Watch watch(Descriptor socket, Served served) {
        return new Watch(socket, served);
    }

    private void run() {
        addHook();
        while (!isOver) {
            try {
                look();
            } catch (RuntimeException | Error failure) {
                report(failure);
            }
        }
        runTasks();
        close();
    }

    private void look() {
        int count = epoll.await(!isGoingDown);
        if (isGoingDown && count == 0) {
            ShutdownSignal.pause(Long.MAX_VALUE);
        }
        boolean _ = Thread.interrupted(); // of no use here, and a pause would end at once
        for (int i = 0; i < count; i++) {
            serve(i);
        }
        runTasks();
    }

    private void serve(int event) {
        Watch watch = watches.get(epoll.token(event));
        if (watch != null) { // it was not ended by an earlier event
            boolean isReadable = epoll.isReadable(event);
            boolean isWritable = epoll.isWritable(event);
            run(() -> watch.served.serve(isReadable, isWritable));
        }
    }

    /// Runs the present tasks: a task that they add comes after the sockets.
    private void runTasks() {
        takeTasks().forEach(UnixLoop::run);
    }

    private List<Runnable> takeTasks() {
        LOCK.lock();
        try {
            if (isWoken) {
                isWoken = false;
                event.clear();
            }
            if (tasks.isEmpty()) {
                return List.of();
            }
            List<Runnable> taken = tasks;
            tasks = new ArrayList<>();
            return taken;
        } finally {
            LOCK.unlock();
        }
    }

    /// Runs a task; after a failure the others still run.
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
        isGoingDown = true; // before the event: a thread that has seen false is woken
        boolean _ = execute(() -> {});
    }

    private void close() {
        LOCK.lock();
        try { // a thread that comes now finds it over, and does not signal its event
            event.descriptor().close();
        } finally {
            LOCK.unlock();
        }
        epoll.close();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is about to end.
        }
    }

    /// Logs a failure. None is expected; the loop goes on after each.
    private static void report(Throwable failure) {
        Log.error("the thread for Unix sockets met an unexpected failure", failure);
    }
}
