package dev.ipcchannel.internal.wait;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// The signal that this JVM goes down, which would wait 300 ms for each thread that sleeps in a
/// native call: such a thread comes out then, and looks every millisecond from there on. Other
/// hooks may use channels, so channels stay open.
public final class ShutdownSignal {

    private static final long PAUSE_NANOS = 1_000_000;

    private static final AtomicBoolean IS_HOOKED = new AtomicBoolean();
    private static final AtomicBoolean IS_UNDER_WAY = new AtomicBoolean();
    // Those of waiters stay, as they are in a pool: as many as threads ever slept at once.
    private static final Set<Runnable> WAKERS = ConcurrentHashMap.newKeySet();

    private ShutdownSignal() {}

    /// Has `waker` run when the JVM goes down, until [#remove]: it and what it refers to stay in
    /// memory for so long. A thread that sleeps until then asks [#isUnderWay] before each sleep,
    /// after this.
    public static void add(Runnable waker) {
        boolean _ = WAKERS.add(waker);
        if (!IS_HOOKED.get() && IS_HOOKED.compareAndSet(false, true)) {
            addHook();
        }
    }

    /// Forgets a waker whose sleeper is gone.
    public static void remove(Runnable waker) {
        boolean _ = WAKERS.remove(waker);
    }

    /// Not when the class is initialized: a virtual thread that waits for that keeps its carrier.
    private static void addHook() {
        try {
            Runtime.getRuntime().addShutdownHook(
                    new Thread(ShutdownSignal::begin, "ipc-channel shutdown"));
        } catch (IllegalStateException _) {
            begin(); // the JVM goes down already
        }
    }

    private static void begin() {
        IS_UNDER_WAY.set(true); // before the wakers: a thread that has seen false is woken
        WAKERS.forEach(Runnable::run);
    }

    /// Whether the JVM goes down: then no thread sleeps in the kernel any more.
    public static boolean isUnderWay() {
        return IS_UNDER_WAY.getAcquire(); // pairs with the write in begin
    }

    /// Pauses instead of a sleep, no longer than `nanos`. An interrupt ends it.
    public static void pause(long nanos) {
        LockSupport.parkNanos(Math.min(nanos, PAUSE_NANOS));
    }
}
