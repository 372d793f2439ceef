package dev.ipcchannel.internal.posix;

import java.util.concurrent.locks.LockSupport;

/// A moment's rest between two looks, where nothing can say when the next one is worth it. A
/// virtual thread gives its carrier away.
public final class Pause {

    private Pause() {}

    /// Rests for so long. An interrupt is kept for later: to look without a rest is to keep others
    /// from doing what is waited for.
    public static void of(long nanos) {
        long start = System.nanoTime();
        boolean isInterrupted = false;
        // A park is none in an interrupted thread, nor the first one after an interrupt, also one
        // that a thread gives itself to keep it for later.
        for (long left = nanos; left > 0; left = nanos - (System.nanoTime() - start)) {
            isInterrupted |= Thread.interrupted();
            LockSupport.parkNanos(left);
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
