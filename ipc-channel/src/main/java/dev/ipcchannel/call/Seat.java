package dev.ipcchannel.call;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A place to wait for replies that another thread may receive. One thread at a time sits in it.
abstract class Seat {

    @Nullable
    Seat before; // in the row, inside the lead's lock
    @Nullable
    Seat behind;

    private volatile @Nullable Thread sitting;

    /// Whether what is waited for is there.
    abstract boolean isReady();

    /// Sets the waiting thread. Comes before that thread's last look at [#isReady], as that of the
    /// thread that makes it ready comes before its [#wake]: one side sees the other.
    final void sit(@Nullable Thread thread) {
        sitting = thread;
    }

    /// Has the thread that waits look again.
    final void wake() {
        Thread thread = sitting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }
}
