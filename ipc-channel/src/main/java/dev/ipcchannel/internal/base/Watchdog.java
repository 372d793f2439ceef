package dev.ipcchannel.internal.base;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// A watchdog over threads that run a user's code while they have other duties: as long as there
/// are some it looks every ten milliseconds, on the thread of [Ticks]. The look is its owner's,
/// which compares what it finds with what it found at the last one: a thread that is still in the
/// same piece of code has been there for ten to twenty milliseconds.
///
/// The watched thread writes where it is, then reads whether the watchdog is on; the watchdog
/// writes that it is off, then looks once more. All of these are volatile, so one of the two sees
/// what the other has written, and no thread stays without a watch.
public final class Watchdog {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final BooleanSupplier look;
    private final AtomicBoolean isOn = new AtomicBoolean();

    /// A watchdog that is off.
    ///
    /// @param look looks once, on one thread at a time, never waits, and returns whether there is a
    /// thread to watch
    public Watchdog(BooleanSupplier look) {
        this.look = look;
    }

    /// Has it look until there is nothing to watch. Any thread. Where there is no memory for the
    /// next look, it is off, and the next call tries again.
    public void turnOn() {
        if (!isOn.get() && isOn.compareAndSet(false, true)) {
            schedule();
        }
    }

    private void schedule() {
        try {
            var _ = Ticks.timer().schedule(this::run, INTERVAL_NANOS, TimeUnit.NANOSECONDS);
        } catch (OutOfMemoryError _) {
            isOn.set(false);
        }
    }

    private void run() {
        boolean goesOn = true; // also where a look fails for want of memory
        try {
            goesOn = look.getAsBoolean();
        } finally {
            if (goesOn) {
                schedule();
            } else {
                turnOff();
            }
        }
    }

    private void turnOff() {
        isOn.set(false);
        if (look.getAsBoolean()) {
            turnOn();
        }
    }
}
