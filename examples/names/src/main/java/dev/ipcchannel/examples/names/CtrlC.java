package dev.ipcchannel.examples.names;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A Ctrl-C that lets the program finish: the JVM ends when [#close] is called, or after ten
/// seconds.
final class CtrlC implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CountDownLatch finished = new CountDownLatch(1);

    /// Something that ends the program's loop.
    @FunctionalInterface
    interface Action {

        /// Does it.
        ///
        /// @throws InterruptedException never: nobody interrupts a hook
        void run() throws InterruptedException;
    }

    /// Has `action` run at Ctrl-C, or another signal that ends the JVM.
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

    /// The program has finished.
    @Override
    public void close() {
        finished.countDown();
    }
}
