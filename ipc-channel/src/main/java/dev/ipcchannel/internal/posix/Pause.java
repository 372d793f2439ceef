package dev.ipcchannel.internal.posix;

import java.util.concurrent.locks.LockSupport;

/// A short sleep between two looks, if no event marks when the next look is worth it. A virtual
/// thread gives up its carrier.
public final class Pause {

    private Pause() {}

    /// Sleeps for `nanos`. An interrupt is kept for later: to look without a sleep would keep other
    /// threads from the work that is waited for.
    public static void of(long nanos) {
        long start = System.nanoTime();
        boolean isInterrupted = false;
        // A park returns at once in an interrupted thread. So does the first park after an
        // interrupt, even after one by which a thread restores its own flag.
        for (long left = nanos; left > 0; left = nanos - (System.nanoTime() - start)) {
            isInterrupted |= Thread.interrupted();
            LockSupport.parkNanos(left);
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
