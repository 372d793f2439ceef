package dev.ipcchannel.child;

import dev.ipcchannel.internal.base.GoAway;
import dev.ipcchannel.internal.base.Lifelines;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.process.ProcessTree;
import dev.ipcchannel.internal.rendezvous.ExitSign;
import dev.ipcchannel.internal.rendezvous.Parenthood;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// The children that this JVM has started and that run. It does not wait for them when it exits in
/// order.
///
/// Those with something in hand, over a transport of the library's, hear that it exits, and end
/// once its shutdown hooks have, see `Parenthood`: the JVM starts all of these at once, and others
/// may use such children up to then. So may those in their start that jobs wait for. All others are
/// asked to end (SIGTERM), and those that they have started: an exit waits up to 300 ms for the
/// JDK's thread that waits for a child.
final class LiveChildren {

    private static final ConcurrentMap<Process, BooleanSupplier> ALIVE = new ConcurrentHashMap<>();
    private static final AtomicBoolean IS_HOOKED = new AtomicBoolean();
    private static final AtomicBoolean IS_ENDING = new AtomicBoolean();

    private LiveChildren() {}

    /// Counts a child that has just been started, until it ends.
    ///
    /// @param end completes with it
    /// @param isAwaited whether it is left to its start until it has a connection
    static void add(Process child, CompletableFuture<Process> end, BooleanSupplier isAwaited) {
        ALIVE.put(child, isAwaited);
        var _ = end.thenRun(() -> {
            ALIVE.remove(child);
            Parenthood.exemptNoMore(child.toHandle());
        });
        // This adds and then looks at IS_ENDING, and end() sets that and then looks at all: one of
        // the two sees this child.
        if (isEnding() && !isAwaited.getAsBoolean()) {
            ask(child);
        }
    }

    /// A child has a connection by which it ends.
    ///
    /// @param hasWork whether it has something in hand
    static void leaveToHooks(Process child, BooleanSupplier hasWork) {
        if (ALIVE.replace(child, hasWork) == null) {
            return; // it has ended
        }
        Parenthood.exempt(child.toHandle());
        if (!ALIVE.containsKey(child)) {
            Parenthood.exemptNoMore(child.toHandle());
        }
        if (isEnding()) { // after the replacement: see add
            Parenthood.sayLeaving(); // it may have connected just now
            if (!hasWork.getAsBoolean()) {
                ask(child);
            }
        }
    }

    /// Not when the class is initialized: a virtual thread that waits for that keeps its carrier.
    private static void addHook() {
        load();
        try {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(LiveChildren::end, "ipc-channel children"));
        } catch (IllegalStateException _) {
            end(); // it has begun already; another thread may have added a child
        }
    }

    /// Loads what the hook needs: a class loader may be closed by then, as the exec plugin closes
    /// its own, and children would be left alone.
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

    /// Whether children are asked to end, since this JVM goes down: no more are to be started but
    /// those that jobs wait for.
    static boolean isEnding() {
        return IS_ENDING.get();
    }

    /// The same, before the first child is started as well.
    static boolean mayStart(BooleanSupplier isAwaited) {
        if (!IS_HOOKED.get() && IS_HOOKED.compareAndSet(false, true)) {
            addHook();
        }
        return !isEnding() || isAwaited.getAsBoolean();
    }

    private static void end() {
        IS_ENDING.set(true);
        try {
            Parenthood.sayLeaving();
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
        ProcessTree.terminate(child); // leaves the pipes open for its last words
        ProcessTree.terminate(below);
    }
}
