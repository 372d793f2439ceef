package dev.ipcchannel.internal.posix;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// The sign that this JVM goes down, which would wait 300 ms for each thread that sleeps in a native
/// call: such a thread comes out then, and looks every millisecond from there on. Other hooks may use
/// channels, so channels stay open.
public final class GoingDown {

    private static final long PAUSE_NANOS = 1_000_000;

    private static final AtomicBoolean IS_HOOKED = new AtomicBoolean();
    private static final AtomicBoolean IS_UNDER_WAY = new AtomicBoolean();
    // Those of waiters stay, as they are in a pool: as many as threads ever slept at once.
    private static final ConcurrentLinkedQueue<Event> SLEEPERS = new ConcurrentLinkedQueue<>();
    private static final Set<Runnable> WAKERS = ConcurrentHashMap.newKeySet();

    private GoingDown() {}

    /// Has `event` happen when it begins. A thread that sleeps until then asks [#isUnderWay] before
    /// each sleep, after this.
    public static void tell(Event event) {
        SLEEPERS.add(event);
        hookOnce();
    }

    /// Has `waker` run when it begins, until [#forget(Runnable)]: it and what it refers to stay in
    /// memory for so long.
    static void wakeBy(Runnable waker) {
        boolean _ = WAKERS.add(waker);
        hookOnce();
    }

    private static void hookOnce() {
        if (!IS_HOOKED.get() && IS_HOOKED.compareAndSet(false, true)) {
            addHook();
        }
    }

    /// Lets an event be forgotten that is about to be closed.
    static void forget(Event event) {
        SLEEPERS.remove(event);
    }

    /// Lets a waker be forgotten whose sleeper is gone.
    static void forget(Runnable waker) {
        WAKERS.remove(waker);
    }

    /// Not when the class is initialized: a virtual thread that waits for that keeps its carrier.
    private static void addHook() {
        try {
            Runtime.getRuntime().addShutdownHook(
                    new Thread(GoingDown::begin, "ipc-channel going down"));
        } catch (IllegalStateException _) {
            begin(); // it has begun already
        }
    }

    private static void begin() {
        IS_UNDER_WAY.set(true); // before the events and wakers: a thread that has seen false is woken
        SLEEPERS.forEach(Event::signal);
        WAKERS.forEach(Runnable::run);
    }

    /// Whether it has begun: then no thread sleeps in the kernel any more.
    public static boolean isUnderWay() {
        return IS_UNDER_WAY.getAcquire();
    }

    /// What there is instead of a sleep, no longer than `nanos`. An interrupt ends it.
    public static void pause(long nanos) {
        LockSupport.parkNanos(Math.min(nanos, PAUSE_NANOS));
    }
}
