package dev.ipcchannel.examples.names;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A handler of Ctrl-C that lets the program finish: the JVM ends when [#close] is called, or after
/// ten seconds.
final class CtrlC implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CountDownLatch finished = new CountDownLatch(1);

    /// An action that ends the program's loop.
    @FunctionalInterface
    interface Action {

        /// Runs the action.
        ///
        /// @throws InterruptedException never: no thread interrupts a hook
        void run() throws InterruptedException;
    }

    /// Makes the JVM run `action` at Ctrl-C, or at another signal that ends it.
    CtrlC(Action action) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (finished.getCount() == 0) {
                return; // the program has ended by itself
            }
            try {
                action.run();
                boolean _ = finished.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }, "ctrl-c"));
    }

    /// Lets the JVM end: the program has finished.
    @Override
    public void close() {
        finished.countDown();
    }
}
