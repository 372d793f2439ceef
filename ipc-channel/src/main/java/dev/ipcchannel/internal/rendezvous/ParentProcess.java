package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.GoAway;
import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.base.Lifelines;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.Alarm;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.process.ProcessTree;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The relation of this process to a parent that has started it with this library: it is shown by
/// marks, and by a connection that is open as long as the parent lives.
///
/// A child JVM has its marks as system properties, on its own command line. The marks pass through
/// any program that starts the child for the parent (`unshare`, `strace`, a script), and the
/// child's own processes do not inherit them. Any other child has its marks in its environment,
/// which all its processes inherit; so there they count only as long as the parent waits for its
/// child. Process numbers prove nothing, because they differ between namespaces.
///
/// A child must not outlive its parent, whatever it is doing. Only the parent's own end ends the
/// connection. Then hooks get a moment, and the JVM halts. (PR_SET_PDEATHSIG is not used, because
/// it fires at the end of the thread that started the child.) A parent that exits in order
/// announces its exit when it begins, and may still use its children until its shutdown hooks have
/// ended; then the children exit in order. Each announces its exit to its own children as well,
/// which end after it.
public final class ParentProcess {

    /// The mark with the transport, which also marks the process as a child.
    public static final String TRANSPORT = "IPC_CHANNEL_CHILD";

    /// The mark with the address to connect to, in the transport's words: it works once.
    public static final String ADDRESS = "IPC2_SOCKET_PATH";

    /// The mark with the number of jobs that the parent gives it at once.
    public static final String JOBS = "IPC_CHANNEL_JOBS";

    /// The mark with the options of the child's rings, in the transport's words; missing for the
    /// defaults.
    public static final String OPTIONS = "IPC_CHANNEL_OPTIONS";

    /// The mark with a file that exists while the parent waits for its child; only in an
    /// environment.
    public static final String AWAITED = "IPC_CHANNEL_AWAITED";

    /// The mark with a directory that exists until the parent has run its shutdown hooks; see
    /// [ExitSign].
    public static final String EXIT_SIGN = "IPC_CHANNEL_EXIT_SIGN";

    /// The mark with the digest of the command that was started; only in an environment.
    public static final String COMMAND = "IPC_CHANNEL_COMMAND";

    /// The mark of a child and all processes that it starts: the marks of its ancestors, then its
    /// own.
    public static final String TREE = "IPC_CHANNEL_TREE";

    /// The exit code of a child whose parent has ended.
    public static final int ORPHANED = 74;

    /// The time for hooks: the child is gone less than two seconds after the parent's death.
    private static final Duration HOOK_PATIENCE = Duration.ofMillis(1500);

    /// The time for the kill of processes that it has started.
    private static final Duration KILL_PATIENCE = Duration.ofMillis(200);

    /// The time after which an alarm ends a JVM that cannot halt: a halt waits for a safepoint of
    /// all threads.
    private static final Duration PATIENCE = Duration.ofMillis(1900);

    private static final int ATTEMPTS = 1000;
    private static final long PAUSE_NANOS = 100_000;

    // A property, because several class loaders may load this class in one JVM.
    private static final String ANSWER = "dev.ipcchannel.isChild";

    private static final List<Runnable> HOOKS = new CopyOnWriteArrayList<>();
    private static final AtomicReference<@Nullable Lifeline> PARENT = new AtomicReference<>();
    // Opened once the parent exits in order.
    private static final CountDownLatch LEAVING = new CountDownLatch(1);

    // The parent's. Written before this process connects, so before anything comes from the parent
    // to the thread that reads this.
    private static volatile ExitSign.@Nullable OfParent sign;

    // Children of this process that end themselves when their connection ends.
    private static final Set<ProcessHandle> SELF_ENDING = ConcurrentHashMap.newKeySet();

    private ParentProcess() {}

    /// The parent's mark `name`, in a property or in a variable.
    public static @Nullable String mark(String name) {
        return isMarkedByProperty() ? System.getProperty(name) : System.getenv(name);
    }

    private static boolean isMarkedByProperty() {
        return System.getProperty(TRANSPORT) != null;
    }

    /// Whether a parent has started this process with this library. The first answer is kept for
    /// the life of the whole JVM, for all threads and class loaders.
    public static boolean isChild() {
        if (System.getProperty(ANSWER) == null) {
            Object _ = System.getProperties().putIfAbsent(ANSWER, Boolean.toString(isMarked()));
        }
        return Boolean.getBoolean(ANSWER);
    }

    /// Whether this process is such a child without knowing it: no code in it has asked or
    /// connected.
    public static boolean isUnaware() {
        return System.getProperty(ANSWER) == null && isMarked();
    }

    /// The number of processes above this one, each of which has started the next.
    public static int level() {
        String marks = System.getenv(TREE);
        return marks == null ? 0 : marks.split("/", -1).length;
    }

    private static boolean isMarked() {
        return isMarkedByProperty() || (System.getenv(TRANSPORT) != null && isAwaited());
    }

    private static boolean isAwaited() {
        String file = System.getenv(AWAITED);
        try {
            return file == null || !Files.notExists(Path.of(file));
        } catch (InvalidPathException _) { // in letters that this locale does not have
            return true;
        }
    }

    /// Whether the server called `serverName` is the parent's. Asked before this process connects
    /// there: a connected process is the child, and the name is gone then.
    public static boolean isParent(String serverName) {
        return mark(TRANSPORT) != null && serverName.equals(mark(ADDRESS)) && isChild();
    }

    /// Runs `hook` when the parent has ended, before this JVM halts. Hooks run one after another,
    /// and have a second and a half together.
    public static void addHook(Runnable hook) {
        HOOKS.add(hook);
    }

    /// Does slow work that needs no connection to the parent. Any thread may call it, before the
    /// connection or at the same time.
    public static void lookAhead() {
        // For lifelines: loading the class makes a pool.
        CompletableFuture<Void> _ = new CompletableFuture<>();
        TerminalInterrupt.leaveToParent();
    }

    /// Called when this process is about to connect to the parent.
    ///
    /// @param pid of the parent, by the kernel; 0 if this process does not see it
    public static void onConnecting(long pid) {
        ExitSign.OfParent found = ExitSign.ofParent(pid);
        if (found != null) {
            sign = found;
            ExitSign.sweepAtExit(found);
        }
        TerminalInterrupt.leaveToParent();
    }

    /// Makes this process end with its parent, by the parent's lifeline.
    public static void follow(Lifeline lifeline) {
        PARENT.set(lifeline);
        ExitNotice.sendAtExit(lifeline);
        var _ = lifeline.goAway().thenAccept(notice -> {
            if (notice.reason() == GoAway.Reason.EXITING) {
                onParentLeaving(notice);
            }
        });
        var _ = lifeline.end().thenRun(ParentProcess::onParentEnd);
        Lifelines.add(lifeline);
    }

    /// Sends the parent, if there is one, the notice that an error has left this JVM in doubt. With
    /// a full heap the call is repeated for a tenth of a second, because other threads may free
    /// memory.
    public static void sayFailed(Error error) {
        Lifeline lifeline = PARENT.get();
        if (lifeline == null) {
            return;
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                lifeline.sendOnce(GoAway.failed(error));
                return;
            } catch (OutOfMemoryError _) {
                Pause.of(PAUSE_NANOS);
            }
        }
    }

    /// Notes that the parent exits in order, and still runs. Does not wait.
    private static void onParentLeaving(GoAway notice) {
        LEAVING.countDown();
        sendLeaving();
        ExitSign.OfParent seen = sign;
        if (seen != null && notice.equals(GoAway.EXITING_BY_SIGN)) {
            endAfterHooks(seen.directory());
        }
    }

    /// Ends this process sooner than by the connection, for which the parent would wait.
    private static void endAfterHooks(Path seen) {
        Thread watch = new Thread(() -> {
            ExitSign.awaitEnd(seen);
            onParentEnd();
        }, "ipc-channel parent exit");
        watch.setDaemon(true);
        try {
            watch.start();
        } catch (OutOfMemoryError _) {
            // There are no more threads: the connection's end will do.
        }
    }

    /// Waits until the parent begins to exit in order.
    ///
    /// @return false if it did not within `patience`
    static boolean awaitLeaving(Duration patience) throws InterruptedException {
        return LEAVING.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Notifies all children, each once, that this process exits in order. Does not wait.
    public static void sendLeaving() {
        Lifelines.sendToAll(ExitSign.show() ? GoAway.EXITING_BY_SIGN : GoAway.EXITING);
    }

    /// Notes a child of this process that ends itself and its descendants when its connection ends.
    public static void noteSelfEnding(ProcessHandle child) {
        SELF_ENDING.add(child);
    }

    /// Notes that it has ended.
    public static void forgetSelfEnding(ProcessHandle child) {
        SELF_ENDING.remove(child);
    }

    /// Ends this JVM, because the parent is gone. Does not wait for that.
    private static void onParentEnd() {
        Alarm.set(PATIENCE); // first: there may be no memory for the steps below
        boolean isInOrder = LEAVING.getCount() == 0;
        // A thread of its own: a hook may take long, and the system's stderr may be a full pipe.
        Thread hooks = new Thread(isInOrder ? ParentProcess::exit : ParentProcess::runHooks,
                "ipc-channel orphan hooks");
        hooks.setDaemon(true);
        Thread halt = new Thread(() -> halt(hooks), "ipc-channel orphan");
        halt.setDaemon(true);
        halt.start();
    }

    private static void runHooks() {
        for (Runnable hook : HOOKS) {
            try {
                hook.run();
            } catch (RuntimeException | Error failure) {
                Log.error("a hook for the parent's end has failed", failure);
            }
        }
    }

    /// Exits as after SIGTERM: the program's own hooks run. Processes that it has started by other
    /// means are asked to end here, the others by their hook.
    private static void exit() {
        Set<ProcessHandle> below = ProcessTree.below(ProcessHandle.current());
        for (ProcessHandle child : SELF_ENDING) {
            below.removeAll(ProcessTree.below(child));
            below.remove(child);
        }
        ProcessTree.terminate(below);
        System.exit(ORPHANED);
    }

    /// Kills all descendants of this process, as its parent does when it ends this process.
    private static void killBelow() {
        ProcessHandle self = ProcessHandle.current();
        Set<ProcessHandle> below = ProcessTree.below(self);
        ProcessTree.kill(below);
        String mark = mark(TREE);
        if (mark != null) {
            int _ = ProcessTree.killMarked(TREE + "=" + mark, Deadline.after(KILL_PATIENCE));
        }
    }

    private static void halt(Thread hooks) {
        try {
            hooks.start();
            boolean _ = hooks.join(HOOK_PATIENCE);
            killBelow();
            ExitSign.sweep(sign);
        } catch (InterruptedException _) {
            // No thread interrupts this one.
        } finally {
            Runtime.getRuntime().halt(ORPHANED);
        }
    }
}
