package dev.ipcchannel.internal.wait;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The platform threads that sleep in the kernel for virtual threads, one for each sleeping virtual
/// thread. They are kept for a while, because a new thread for each sleep makes a round trip about
/// ten times as long (ARCHITECTURE.md has the figures).
final class SleepThreads {

    private static final long KEPT_SECONDS = 10;

    /// Runs each task at once.
    static final Executor POOL = new ThreadPoolExecutor(0, Integer.MAX_VALUE, KEPT_SECONDS,
            TimeUnit.SECONDS, new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("ipc-channel sleep").factory());

    private SleepThreads() {}
}
