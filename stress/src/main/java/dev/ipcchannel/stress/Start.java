package dev.ipcchannel.stress;

import java.util.concurrent.atomic.AtomicInteger;

/// The start of a race of two: each waits for the other, so that both are on their way at once.
public final class Start {

    private final AtomicInteger missing = new AtomicInteger(2);

    /// Waits for the other one.
    public void await() {
        missing.decrementAndGet();
        Patience.await(() -> missing.get() == 0, "the other actor did not come to the start");
    }
}
