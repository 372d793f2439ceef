package dev.ipcchannel.internal.wait;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// The signal that this JVM goes down. The JVM would wait 300 ms for each thread that sleeps in a
/// native call; the signal ends such sleeps, and from then on these threads look every millisecond.
/// Channels stay open, because shutdown hooks may use them.
public final class ShutdownSignal {

    private static final long PAUSE_NANOS = 1_000_000;

    private static final AtomicBoolean IS_HOOKED = new AtomicBoolean();
    private static final AtomicBoolean IS_UNDER_WAY = new AtomicBoolean();
    // Wakers of pooled waiters are never removed: as many as threads ever slept at once.
    private static final Set<Runnable> WAKERS = ConcurrentHashMap.newKeySet();

    private ShutdownSignal() {}

    /// Runs `waker` when the JVM goes down, unless [#remove] comes before: until then `waker` and
    /// everything to which it refers stay in memory. After this call, a thread that sleeps checks
    /// [#isUnderWay] before each sleep.
    public static void add(Runnable waker) {
        boolean _ = WAKERS.add(waker);
        if (!IS_HOOKED.get() && IS_HOOKED.compareAndSet(false, true)) {
            addHook();
        }
    }

    /// Removes a waker whose sleeper is gone.
    public static void remove(Runnable waker) {
        boolean _ = WAKERS.remove(waker);
    }

    /// Not called by the class's initializer: a virtual thread that waits for an initializer pins
    /// its carrier.
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
        return IS_UNDER_WAY.getAcquire(); // pairs with the store in begin
    }

    /// Pauses instead of a sleep, no longer than `nanos`. An interrupt ends it.
    public static void pause(long nanos) {
        LockSupport.parkNanos(Math.min(nanos, PAUSE_NANOS));
    }
}
