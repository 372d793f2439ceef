package dev.ipcchannel.stress;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/// The start of a race of two threads: each waits for the other, so that both run at once.
public final class Start {

    private final AtomicInteger missing = new AtomicInteger(2);

    /// Waits for the other thread, even if that one still waits in the race before.
    public void await() {
        missing.decrementAndGet();
        BooleanSupplier isComplete = () -> missing.get() == 0;
        if (!Patience.has(isComplete)) {
            Patience.await(isComplete, "the other actor did not come to the start");
        }
    }
}
