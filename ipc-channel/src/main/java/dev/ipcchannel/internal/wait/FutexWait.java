package dev.ipcchannel.internal.wait;

import dev.ipcchannel.internal.posix.Futex;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.posix.PosixException;
import java.nio.channels.Selector;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/// The wait of one thread at a time on a word of shared memory. It ends on a wake, on
/// [Thread#interrupt], on [#stop], and when the JVM goes down.
///
/// The last three do not change the word, and a sleep in the kernel depends only on the word. So
/// each of them sets a flag of this object and wakes the sleepers of the word, again and again
/// until the thread has come out: a wake is lost on a thread that has loaded the flag and is on its
/// way into the kernel.
///
/// The thread sets `isInside` before it loads the flags, and a thread that sets a flag loads
/// `isInside` afterwards (all of them are volatile): so either the first thread sees the flag, or
/// the second sees it inside.
///
/// A wait of a platform thread allocates nothing.
public final class FutexWait extends InterruptibleWait {

    private static final long PAUSE_NANOS = 20_000; // between two wakes for one sleeper
    // At the JVM's end: another process may have moved the sleeper to another word (FUTEX_REQUEUE).
    private static final int MOST_WAKES_AT_EXIT = 5000;

    private final long address;
    // Refers to this object, not to the word's memory.
    private final Runnable atExit = this::signalAtExit;

    private boolean isKnown; // to ShutdownSignal; used by the waiting thread
    private final AtomicInteger waits = new AtomicInteger(); // the number of waits that have begun
    private volatile boolean isInside;
    private volatile boolean isSignalled;
    private volatile boolean isStopped;

    /// @param address of the word, which stays mapped until [#stop] has returned
    public FutexWait(long address) {
        this.address = address;
    }

    /// Sleeps while the word is `expected`, for at most `nanos`. May return early, also if the
    /// word's memory is gone: the caller looks at the word and at its own flags again.
    ///
    /// @throws InterruptedException if the thread is interrupted, before or while it waits; its
    /// flag is cleared
    public void await(int expected, long nanos) throws InterruptedException {
        beKnownAtExit();
        begin(); // from here to end() an interrupt calls wakeup, also an earlier one
        try {
            if (Thread.currentThread().isVirtual()) {
                sleepElsewhere(expected, nanos);
            } else {
                sleep(expected, nanos);
            }
        } finally {
            end();
            if (isSignalled) { // a load before the store: a later signal is kept
                isSignalled = false;
            }
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private void beKnownAtExit() {
        if (!isKnown) {
            isKnown = true;
            ShutdownSignal.add(atExit);
            if (isStopped) { // perhaps set before the line above
                ShutdownSignal.remove(atExit);
            }
        }
    }

    private void sleep(int expected, long nanos) {
        // Without isInside: the thread would be inside most of the time, and the JVM's end would
        // wait for a look between two pauses. isUnderWay is set before the signal of the JVM's end:
        // if this load does not see it, the loads of the flags below do.
        if (ShutdownSignal.isUnderWay()) {
            ShutdownSignal.pause(nanos);
            return;
        }
        int _ = waits.incrementAndGet();
        isInside = true; // before the loads of the flags, see the class comment
        try {
            if (!isSignalled && !isStopped) {
                Futex.await(address, expected, nanos);
            }
        } finally {
            isInside = false;
        }
    }

    /// A virtual thread must not sleep in a native call, because its carrier would sleep with it.
    private void sleepElsewhere(int expected, long nanos) {
        // An interrupt ends the sleep, see begin, and is handled afterwards.
        CompletableFuture.runAsync(() -> sleep(expected, nanos), SleepThreads.POOL).join();
    }

    /// Ends the running wait, and every later one at once. Returns when no thread is inside. Called
    /// by any thread.
    ///
    /// @return false if a thread stays inside until its time is over, because the word's memory is
    /// gone and no wake reaches it
    public boolean stop() {
        isStopped = true;
        ShutdownSignal.remove(atExit);
        return wakeWhile(() -> isInside, Integer.MAX_VALUE);
    }

    /// Ends the running wait. A thread that is in a later wait by now has come out of that one.
    private void signal() {
        isSignalled = true;
        int running = waits.get(); // after the store: a wait that begins later sees the flag
        boolean _ = wakeWhile(() -> isInside && waits.get() == running, Integer.MAX_VALUE);
    }

    private void signalAtExit() {
        isSignalled = true;
        boolean _ = wakeWhile(() -> isInside, MOST_WAKES_AT_EXIT);
    }

    /// @return whether the condition is over
    private boolean wakeWhile(BooleanSupplier isSo, int mostWakes) {
        for (int i = 0; i < mostWakes; i++) {
            if (!isSo.getAsBoolean()) {
                return true;
            }
            try {
                // One woken sleeper might be another process's.
                Futex.wake(address, Integer.MAX_VALUE);
            } catch (PosixException _) {
                return !isSo.getAsBoolean();
            }
            Pause.of(PAUSE_NANOS);
        }
        return false;
    }

    /// For the JDK only, which calls it for the thread that is in [#await].
    @Override
    public Selector wakeup() {
        signal();
        return this;
    }

    @Override
    protected void implCloseSelector() {
        boolean _ = stop();
    }
}
