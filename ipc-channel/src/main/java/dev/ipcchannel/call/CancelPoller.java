package dev.ipcchannel.call;

import dev.ipcchannel.internal.base.Log;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread that looks at what has come in while a handler keeps the serving thread, so that a
/// cancel reaches it.
///
/// It looks now and then, at jobs that it has found running before: short ones are none of its
/// business and cost two exchanges of a word. While jobs come it naps between its looks, later on
/// it sleeps, and the next job wakes it. It never waits in the link, so it works with every link,
/// and gives the right to look back within a look.
///
/// The word says which thread may look at what comes in: the serving one while no handler runs, and
/// during one the thread that has taken it from [#RUNNING] to [#LOOKING].
///
/// ```text
///     IDLE ──begin──> RUNNING ──end──> IDLE        of the next job, by its number
///                     │     ▲
///             a look  ▼     │  done
///                     LOOKING ──> AWAITED          the serving thread waits for it
/// ```
final class CancelPoller {

    private static final String NAME = "ipc-channel cancel poller";

    private static final int IDLE = 0;
    private static final int RUNNING = 1;
    private static final int LOOKING = 2;
    private static final int AWAITED = 3;
    private static final int STATES = 3; // the bits below the job's number
    private static final long ONE_JOB = 4;

    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /// Naps without a job, 20 ms, after which it sleeps: those of many idle workers cost more than a
    /// wake.
    private static final int QUIET_NAPS = 4;

    private static final VarHandle WORD = wordHandle();

    private final Thread owner = Thread.currentThread();
    private final Runnable look;
    private @Nullable Thread thread; // made with the first job; by the owner
    private long job; // the number of the last one, where the word has it; by the owner
    private volatile long word;
    private volatile boolean isAsleep = true;
    private volatile boolean isStopped;

    /// Belongs to the calling thread, which serves.
    ///
    /// @param look takes in what has come, and never waits
    CancelPoller(Runnable look) {
        this.look = look;
    }

    private static VarHandle wordHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(CancelPoller.class, "word", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /// A handler is about to run.
    void begin() {
        job += ONE_JOB;
        word = job | RUNNING; // volatile: before the look at the sleeper, as in sleep()
        if (isAsleep) {
            wake();
        }
    }

    /// The handler has returned: only the serving thread looks from here on, and what the other one
    /// has done is seen by it.
    void end() {
        take(IDLE);
    }

    /// The handler looks itself, and must [#leave].
    void enter() {
        take(LOOKING);
    }

    void leave() {
        word = job | RUNNING;
    }

    /// Takes the word from `RUNNING`, which it is again after a look at the latest.
    private void take(int next) {
        boolean isInterrupted = false;
        while (!WORD.compareAndSet(this, job | RUNNING, job | next)) {
            if (WORD.compareAndSet(this, job | LOOKING, job | AWAITED) || word == (job | AWAITED)) {
                LockSupport.park(this);
                isInterrupted |= Thread.interrupted(); // else the next park would not wait
            }
        }
        if (isInterrupted) {
            owner.interrupt();
        }
    }

    private void wake() {
        isAsleep = false;
        if (thread != null && thread.isAlive()) {
            LockSupport.unpark(thread);
            return;
        }
        try {
            thread = started();
        } catch (OutOfMemoryError lack) { // no more threads: the next job tries again
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
        long last = IDLE;
        int quiet = 0;
        while (!isStopped) {
            long now = word;
            if (now == last && state(now) == RUNNING) {
                look(now);
            }
            quiet = now == last && state(now) == IDLE ? quiet + 1 : 0;
            last = now;
            boolean _ = Thread.interrupted(); // by a codec, and this thread has no use for it
            if (quiet < QUIET_NAPS) {
                LockSupport.parkNanos(this, NAP_NANOS);
            } else {
                quiet = 0;
                sleep(now);
            }
        }
    }

    private void look(long running) {
        if (!WORD.compareAndSet(this, running, running - RUNNING + LOOKING)) {
            return; // it has ended, or looks itself
        }
        try {
            look.run();
        } catch (RuntimeException | Error failure) { // the serving thread meets it again
            Log.error("a look for cancels has failed", failure);
        } finally {
            if (state((long) WORD.getAndSet(this, running)) == AWAITED) {
                LockSupport.unpark(owner);
            }
        }
    }

    /// Sleeps until the next job begins, unless it has.
    private void sleep(long idle) {
        isAsleep = true; // volatile: before the look for a job, as in begin()
        while (isAsleep && word == idle && !isStopped) {
            LockSupport.park(this);
            boolean _ = Thread.interrupted();
        }
        isAsleep = false;
    }

    private static int state(long word) {
        return (int) (word & STATES);
    }

    /// Looks no more. The thread ends soon, if there is one.
    void stop() {
        isStopped = true;
        LockSupport.unpark(thread);
    }
}
