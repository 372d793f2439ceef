package dev.ipcchannel.internal.posix;

import java.util.concurrent.CompletableFuture;

/// The end of a process that this one has started, as a future. Not [Process#onExit]: the JDK
/// completes that in the common pool, whose threads may all be busy, or wait for this very process.
public final class ProcessEnd {

    private ProcessEnd() {}

    /// Completes when `child` has ended, on a thread of its own.
    public static CompletableFuture<Process> of(Process child) {
        CompletableFuture<Process> end = new CompletableFuture<>();
        Thread _ = Thread.ofVirtual().name("ipc-channel child end")
                .start(() -> await(child, end));
        return end;
    }

    private static void await(Process child, CompletableFuture<Process> end) {
        while (!end.isDone()) {
            try {
                int _ = child.waitFor();
                boolean _ = end.complete(child);
            } catch (InterruptedException _) {
                // nobody knows this thread
            }
        }
    }
}
