package dev.ipcchannel.child;

import dev.ipcchannel.internal.base.GoAway;
import dev.ipcchannel.internal.base.Lifelines;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.process.ProcessTree;
import dev.ipcchannel.internal.rendezvous.ExitSign;
import dev.ipcchannel.internal.rendezvous.ParentProcess;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// A registry of the running children of this JVM, for its orderly exit, which does not wait for
/// them.
///
/// Children that have work, over a transport of the library's, are notified of the exit and end
/// after the shutdown hooks have ended, see `ParentProcess`: the JVM runs all hooks at once, and
/// the program's own hooks may use such children until then. Children in their start that jobs wait
/// for are treated in the same way. All other children, and the processes that they have started,
/// are asked to end (SIGTERM): an exit waits up to 300 ms for the JDK's thread that waits for a
/// child.
final class LiveChildren {

    private static final ConcurrentMap<Process, BooleanSupplier> ALIVE = new ConcurrentHashMap<>();
    private static final AtomicBoolean IS_HOOKED = new AtomicBoolean();
    private static final AtomicBoolean IS_ENDING = new AtomicBoolean();

    private LiveChildren() {}

    /// Adds a child that has just been started, until it ends.
    ///
    /// @param end completes when the child has ended
    /// @param isAwaited whether an exit lets the child go on until it has a connection
    static void add(Process child, CompletableFuture<Process> end, BooleanSupplier isAwaited) {
        ALIVE.put(child, isAwaited);
        var _ = end.thenRun(() -> {
            ALIVE.remove(child);
            ParentProcess.forgetSelfEnding(child.toHandle());
        });
        // This method adds the child, then reads IS_ENDING; end() sets that, then reads all
        // children. So one of the two sees this child.
        if (isEnding() && !isAwaited.getAsBoolean()) {
            ask(child);
        }
    }

    /// Notes that a child has a connection by which it will end.
    ///
    /// @param hasWork whether the child has work
    static void leaveToHooks(Process child, BooleanSupplier hasWork) {
        if (ALIVE.replace(child, hasWork) == null) {
            return; // it has ended
        }
        ParentProcess.noteSelfEnding(child.toHandle());
        if (!ALIVE.containsKey(child)) {
            ParentProcess.forgetSelfEnding(child.toHandle());
        }
        if (isEnding()) { // read after the replacement: see add
            ParentProcess.sendLeaving(); // it may have connected just now
            if (!hasWork.getAsBoolean()) {
                ask(child);
            }
        }
    }

    /// Adds the shutdown hook. Not in the class initializer: a virtual thread that waits for that
    /// pins its carrier.
    private static void addHook() {
        load();
        try {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(LiveChildren::end, "ipc-channel children"));
        } catch (IllegalStateException _) {
            end(); // it has begun already; another thread may have added a child
        }
    }

    /// Loads the classes that the hook needs. The class loader may be closed by then, as by Maven's
    /// exec plugin, and then children would be left running.
    private static void load() {
        byte[] _ = GoAway.EXITING.toBytes();
        ProcessTree.load();
        for (Class<?> needed : List.of(Lifelines.class, ExitSign.class, Packet.Sending.class,
                ArgumentFile.class)) {
            try {
                Class<?> _ = Class.forName(needed.getName(), true, needed.getClassLoader());
            } catch (ClassNotFoundException impossible) {
                throw new AssertionError(impossible); // it was named a moment ago
            }
        }
    }

    /// Whether children are being asked to end, since this JVM is shutting down. Then only children
    /// that jobs wait for may be started.
    static boolean isEnding() {
        return IS_ENDING.get();
    }

    /// Whether a child may be started. Called before each start, so the first call adds the hook.
    static boolean mayStart(BooleanSupplier isAwaited) {
        if (!IS_HOOKED.get() && IS_HOOKED.compareAndSet(false, true)) {
            addHook();
        }
        return !isEnding() || isAwaited.getAsBoolean();
    }

    private static void end() {
        IS_ENDING.set(true);
        try {
            ParentProcess.sendLeaving();
        } finally {
            ALIVE.forEach((child, hasWork) -> {
                if (!hasWork.getAsBoolean()) {
                    ask(child);
                }
            });
        }
    }

    private static void ask(Process child) {
        Set<ProcessHandle> below = ProcessTree.below(child.toHandle());
        ProcessTree.terminate(child); // leaves the pipes open for its last lines
        ProcessTree.terminate(below);
    }
}
