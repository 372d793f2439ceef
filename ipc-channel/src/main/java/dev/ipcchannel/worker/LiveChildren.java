package dev.ipcchannel.worker;

import dev.ipcchannel.internal.posix.ProcessTree;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// The children that this JVM has started and that run: when it exits in order, they are asked to
/// end (SIGTERM), and those that they have started. Nobody waits for them.
///
/// A JVM among them that does not listen ends with its connection to this one; see `Parenthood`.
final class LiveChildren {

    private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();
    private static final AtomicBoolean IS_HOOKED = new AtomicBoolean();
    private static final AtomicBoolean IS_ENDING = new AtomicBoolean();

    private LiveChildren() {}

    /// Counts a child that has just been started, until it ends.
    ///
    /// @param end completes with it
    static void add(Process child, CompletableFuture<Process> end) {
        ALIVE.add(child);
        if (!IS_HOOKED.get() && IS_HOOKED.compareAndSet(false, true)) {
            addHook();
        }
        var _ = end.thenRun(() -> ALIVE.remove(child));
        if (isEnding()) { // behind the add, as the look at all is behind its beginning
            ask(child);
        }
    }

    /// Not when the class is initialized: a virtual thread that waits for that keeps its carrier.
    private static void addHook() {
        try {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(LiveChildren::end, "ipc-channel children"));
        } catch (IllegalStateException _) {
            // It is going down: children that are still started are told by their connection.
        }
    }

    /// Whether children are asked to end, since this JVM goes down: no more are to be started.
    static boolean isEnding() {
        return IS_ENDING.get();
    }

    private static void end() {
        IS_ENDING.set(true);
        ALIVE.forEach(LiveChildren::ask);
    }

    private static void ask(Process child) {
        Set<ProcessHandle> below = ProcessTree.below(child.toHandle());
        ProcessTree.terminate(child); // leaves the pipes open for its last words
        ProcessTree.terminate(below);
    }
}
