package dev.ipcchannel.call;

import dev.ipcchannel.internal.base.Log;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread that looks at what has come in while a handler keeps the serving thread, so that a
/// cancel reaches it, and sends what that handler has gathered.
///
/// It looks now and then, at handlers that it has found running before: short ones are none of its
/// business and cost two writes of a word. While calls come it naps between its looks, later on it
/// sleeps, and the next call wakes it. It never waits in the link, so it works with every link, and
/// gives the right to receive back within a look.
final class CancelPoller {

    private static final String NAME = "ipc-channel cancel poller";

    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /// Naps without a call, 20 ms, after which it sleeps: those of many idle workers cost more than
    /// a wake.
    private static final int QUIET_NAPS = 4;

    private final Thread owner = Thread.currentThread();
    private final Look look;
    private @Nullable Thread thread; // made with the first call; by the owner
    private long count; // of the beginnings and ends of handlers; by the owner
    private volatile long now; // the same, for the other thread: odd while one runs
    private volatile boolean isAsleep = true;
    private volatile boolean isStopped;

    /// Belongs to the calling thread, which serves.
    ///
    /// @param look takes in what has come, and never waits
    CancelPoller(Look look) {
        this.look = look;
    }

    /// A look at what has come in.
    interface Look {

        void run() throws InterruptedException;
    }

    /// A handler is about to run.
    void begin() {
        now = ++count; // volatile: before the look at the sleeper, as in sleep()
        if (isAsleep) {
            wake();
        }
    }

    /// The handler has returned. A look may go on for a moment, and finds no handler.
    void end() {
        now = ++count;
    }

    private void wake() {
        isAsleep = false;
        if (thread != null && thread.isAlive()) {
            LockSupport.unpark(thread);
            return;
        }
        try {
            thread = started();
        } catch (OutOfMemoryError lack) { // no more threads: the next call tries again
            isAsleep = true;
            Log.warning("a handler cannot be interrupted, since no thread can be started to look"
                    + " for cancels", lack);
        }
    }

    private Thread started() {
        if (owner.isVirtual()) {
            return Thread.ofVirtual().name(NAME).start(this::run);
        }
        // Not by the builder: each worker's first job would load its classes.
        Thread made = new Thread(this::run, NAME);
        made.setDaemon(true);
        made.start();
        return made;
    }

    private void run() {
        long last = 0;
        int quiet = 0;
        while (!isStopped) {
            long seen = now;
            if (seen == last && isRunning(seen)) {
                look();
            }
            quiet = seen == last && !isRunning(seen) ? quiet + 1 : 0;
            last = seen;
            boolean _ = Thread.interrupted(); // by a codec, and this thread has no use for it
            if (quiet < QUIET_NAPS) {
                LockSupport.parkNanos(this, NAP_NANOS);
            } else {
                quiet = 0;
                sleep(seen);
            }
        }
    }

    private static boolean isRunning(long seen) {
        return (seen & 1) == 1;
    }

    private void look() {
        try {
            look.run();
        } catch (InterruptedException _) {
            // by a codec, and this thread has no use for it
        } catch (RuntimeException | Error failure) { // the serving thread meets it again
            Log.error("a look for cancels has failed", failure);
        }
    }

    /// Sleeps until the next call, unless it has come.
    private void sleep(long idle) {
        isAsleep = true; // volatile: before the look for a call, as in begin()
        while (isAsleep && now == idle && !isStopped) {
            LockSupport.park(this);
            boolean _ = Thread.interrupted();
        }
        isAsleep = false;
    }

    /// Looks no more. The thread ends soon, if there is one.
    void stop() {
        isStopped = true;
        LockSupport.unpark(thread);
    }
}
