package dev.ipcchannel.internal.process;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// The end of a process that this one has started, as a future. It is not [Process#onExit], which
/// the JDK completes in the common pool, whose threads may all be busy, or wait for this very
/// process.
public final class ProcessEnd {

    private ProcessEnd() {}

    /// Completes when `child` has ended, on a thread of its own.
    public static CompletableFuture<Process> of(Process child) {
        return of(child, _ -> {});
    }

    /// The same, after `first` has run: dependents of the end may rely on that.
    public static CompletableFuture<Process> of(Process child, Consumer<Process> first) {
        CompletableFuture<Process> end = new CompletableFuture<>();
        Thread _ = Thread.ofVirtual().name("ipc-channel child end")
                .start(() -> await(child, first, end));
        return end;
    }

    private static void await(Process child, Consumer<Process> first,
            CompletableFuture<Process> end) {
        while (child.isAlive()) {
            try {
                int _ = child.waitFor();
            } catch (InterruptedException _) {
                // No code interrupts this thread.
            }
        }
        try {
            first.accept(child);
        } finally {
            boolean _ = end.complete(child);
        }
    }
}
