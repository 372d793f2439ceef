package dev.ipcchannel.internal.wait;

import dev.ipcchannel.internal.posix.Futex;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.posix.PosixException;
import java.nio.channels.Selector;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/// The waits of one thread at a time on a word of shared memory, which end on
/// [Thread#interrupt], on [#stop], and when the JVM goes down, as well as on a wake.
///
/// None of these changes the word, and a sleep in the kernel knows nothing else. So each sets a
/// flag of this object and wakes the sleepers of the word, again and again until the thread has
/// come out: a wake is lost on one that has looked at the flag and is on its way into the kernel.
///
/// The thread sets `isInside` before it looks at the flags, and a thread that sets a flag looks at
/// `isInside` afterwards (all of them volatile): so either the one sees the flag, or the other sees
/// it inside.
///
/// Nothing is allocated by a wait of a platform thread.
public final class FutexWait extends InterruptibleWait {

    private static final long PAUSE_NANOS = 20_000; // between two wakes for one sleeper
    // At the JVM's end: another process can have moved the sleeper to another word (FUTEX_REQUEUE).
    private static final int MOST_WAKES_AT_EXIT = 5000;

    private final long address;
    private final Runnable atExit = this::signalAtExit; // of this, not of the word's memory

    private boolean isKnown; // to the signal of the JVM's end; of the thread that waits
    private final AtomicInteger waits = new AtomicInteger(); // so many have begun
    private volatile boolean isInside;
    private volatile boolean isSignalled;
    private volatile boolean isStopped;

    /// @param address of the word, which stays mapped until [#stop] has returned
    public FutexWait(long address) {
        this.address = address;
    }

    /// Sleeps while the word is `expected`, at most so long. May return early, also where the word
    /// is not there any more: the caller looks at the word again, and asks its own flags.
    ///
    /// @throws InterruptedException if the thread is interrupted, before or while it waits; its
    /// flag is cleared
    public void await(int expected, long nanos) throws InterruptedException {
        beKnownAtExit();
        begin(); // from here to end(), an interrupt calls wakeup; also one that came before
        try {
            if (Thread.currentThread().isVirtual()) {
                sleepElsewhere(expected, nanos);
            } else {
                sleep(expected, nanos);
            }
        } finally {
            end();
            if (isSignalled) { // a look before the write: what comes after it stays
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
            if (isStopped) { // perhaps before the line above
                ShutdownSignal.remove(atExit);
            }
        }
    }

    private void sleep(int expected, long nanos) {
        // Not inside, where the thread would be most of the time, and the JVM's end wait for a look
        // between two pauses. That end comes before its signal: where this sees none of it, the
        // look at the flags does.
        if (ShutdownSignal.isUnderWay()) {
            ShutdownSignal.pause(nanos);
            return;
        }
        int _ = waits.incrementAndGet();
        isInside = true; // before the look at the flags, see above
        try {
            if (!isSignalled && !isStopped) {
                Futex.await(address, expected, nanos);
            }
        } finally {
            isInside = false;
        }
    }

    /// A virtual thread must not sleep in a native call, for its carrier would sleep with it.
    private void sleepElsewhere(int expected, long nanos) {
        // An interrupt ends the sleep, see begin, and is seen to afterwards.
        CompletableFuture.runAsync(() -> sleep(expected, nanos), SleepThreads.POOL).join();
    }

    /// Ends the wait that runs, and every later one at once, and returns when no thread is inside.
    /// Any thread.
    ///
    /// @return false if a thread stays inside until its time is over, for the word's memory is
    /// gone, and a wake does not reach it
    public boolean stop() {
        isStopped = true;
        ShutdownSignal.remove(atExit);
        return wakeWhile(() -> isInside, Integer.MAX_VALUE);
    }

    /// Ends the wait that runs. A thread that is in another one by then has come out of that.
    private void signal() {
        isSignalled = true;
        int running = waits.get(); // after that: a wait that begins later sees the flag
        boolean _ = wakeWhile(() -> isInside && waits.get() == running, Integer.MAX_VALUE);
    }

    private void signalAtExit() {
        isSignalled = true;
        boolean _ = wakeWhile(() -> isInside, MOST_WAKES_AT_EXIT);
    }

    /// @return whether it is over
    private boolean wakeWhile(BooleanSupplier isSo, int mostWakes) {
        for (int i = 0; i < mostWakes; i++) {
            if (!isSo.getAsBoolean()) {
                return true;
            }
            try {
                Futex.wake(address, Integer.MAX_VALUE); // one might be another process's
            } catch (PosixException _) {
                return !isSo.getAsBoolean();
            }
            Pause.of(PAUSE_NANOS);
        }
        return false;
    }

    /// For the JDK alone, which calls it for the thread that is in [#await].
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
