package dev.ipcchannel.torture;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A thread that ends the program when a storm does not end, and prints the stacks of all threads:
/// a call that hangs is the worst that a storm can find.
final class Watchdog implements AutoCloseable {

    private static final int EXIT_CODE = 1;

    private final CountDownLatch ended = new CountDownLatch(1);

    /// Starts the watchdog of a storm.
    ///
    /// @param onHang runs before the program is ended
    static Watchdog over(Storm storm, Duration longest, Runnable onHang) {
        Watchdog watchdog = new Watchdog();
        Thread.ofPlatform().daemon().name("watchdog of " + storm.name())
                .start(() -> watchdog.watch(longest, onHang));
        return watchdog;
    }

    private void watch(Duration longest, Runnable onHang) {
        try {
            if (ended.await(longest.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException _) {
            return;
        }
        Thread.getAllStackTraces().forEach(Watchdog::print);
        onHang.run();
        Runtime.getRuntime().halt(EXIT_CODE); // what hangs must not hang the exit as well
    }

    private static void print(Thread thread, StackTraceElement[] stack) {
        System.err.println(Map.entry(thread.getName(), thread.getState()));
        for (StackTraceElement frame : stack) {
            System.err.println("    at " + frame);
        }
    }

    @Override
    public void close() {
        ended.countDown();
    }
}
