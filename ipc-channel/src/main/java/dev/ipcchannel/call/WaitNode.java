package dev.ipcchannel.call;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A node of the queue of threads that wait for replies, which one of them receives. At most one
/// thread at a time waits with a node.
abstract class WaitNode {

    @Nullable
    WaitNode previous; // in the queue, inside the lock of [Leadership]
    @Nullable
    WaitNode next;

    private volatile @Nullable Thread waiting;

    /// Whether what is waited for is there.
    abstract boolean isReady();

    /// Sets the waiting thread. Comes before that thread's last look at [#isReady], as that of the
    /// thread that makes it ready comes before its [#wake]: one side sees the other.
    final void setWaiting(@Nullable Thread thread) {
        waiting = thread;
    }

    /// Has the thread that waits look again.
    final void wake() {
        Thread thread = waiting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }
}
