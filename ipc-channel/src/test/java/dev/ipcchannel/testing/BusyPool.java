package dev.ipcchannel.testing;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;

/// The common pool with all its threads waiting until this is closed.
///
/// @param end completes the wait
public record BusyPool(CountDownLatch end) implements AutoCloseable {

    /// Has all its threads wait.
    public static BusyPool fill() {
        CountDownLatch end = new CountDownLatch(1);
        int threads = ForkJoinPool.getCommonPoolParallelism();
        for (int i = 0; i < threads; i++) {
            ForkJoinPool.commonPool().execute(() -> await(end));
        }
        return new BusyPool(end);
    }

    private static void await(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }

    @Override
    public void close() {
        end.countDown();
    }
}
