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

/// The knowledge that a process has of the parent of ours that has started it: by marks that it was
/// given, and by a connection that is open as long as that parent lives.
///
/// A child JVM has its marks as system properties, on its own command line: they pass every program
/// that starts it for the parent (`unshare`, `strace`, a script), and nothing that it starts
/// inherits them. Any other child has them in its environment, which all that it starts inherits;
/// so they count there as long as the parent waits for its child. Numbers of processes say nothing:
/// they differ from one namespace to the next.
///
/// A child is not to outlive its parent, whatever it is doing: when the connection ends, which only
/// the parent's own end brings about, hooks get a moment, and then the JVM halts. (Not by
/// PR_SET_PDEATHSIG, which fires when the thread ends that started the child.) A parent that exits
/// in order says so when it begins, and may still use its children until its shutdown hooks have
/// ended; they exit in order then. What is said goes on to their own children, whose time will come
/// as well.
public final class Parenthood {

    /// Names the transport, and says at the same time that there is such a parent.
    public static final String TRANSPORT = "IPC_CHANNEL_CHILD";

    /// Where the child connects, in the words of the transport: once, then it is gone.
    public static final String ADDRESS = "IPC2_SOCKET_PATH";

    /// How many jobs the parent gives it at once.
    public static final String JOBS = "IPC_CHANNEL_JOBS";

    /// How the child makes the rings, in the words of the transport; missing for the defaults.
    public static final String OPTIONS = "IPC_CHANNEL_OPTIONS";

    /// A file that is there while the parent waits for its child; only in an environment.
    public static final String AWAITED = "IPC_CHANNEL_AWAITED";

    /// A directory that is there until the parent has run its shutdown hooks; see [ExitSign].
    public static final String EXIT_SIGN = "IPC_CHANNEL_EXIT_SIGN";

    /// What was started for the conversation, of a command; only in an environment.
    public static final String COMMAND = "IPC_CHANNEL_COMMAND";

    /// Marks a child and all that it starts: it has the marks of those above it, then one of its
    /// own.
    public static final String TREE = "IPC_CHANNEL_TREE";

    /// The exit code of a child whose parent has ended.
    public static final int ORPHANED = 74;

    /// Less than two seconds after the death the child is gone.
    private static final Duration HOOK_PATIENCE = Duration.ofMillis(1500);

    /// For those that it has started.
    private static final Duration KILL_PATIENCE = Duration.ofMillis(200);

    /// For a JVM that cannot halt, which it does only where all threads have come to a safepoint.
    private static final Duration PATIENCE = Duration.ofMillis(1900);

    private static final int ATTEMPTS = 1000;
    private static final long PAUSE_NANOS = 100_000;

    // A property, since this class may be in the JVM more than once, by several class loaders.
    private static final String ANSWER = "dev.ipcchannel.isChild";

    private static final List<Runnable> HOOKS = new CopyOnWriteArrayList<>();
    private static final AtomicReference<@Nullable Lifeline> PARENT = new AtomicReference<>();
    private static final CountDownLatch LEAVING = new CountDownLatch(1); // the parent exits in order

    // Of the parent. Written before this process connects, so before anything comes from there to
    // the thread that reads this.
    private static volatile ExitSign.@Nullable OfParent sign;

    // Children of this process that end by their connection.
    private static final Set<ProcessHandle> EXEMPT = ConcurrentHashMap.newKeySet();

    private Parenthood() {}

    /// What the parent has said of `name`, by a property or by a variable.
    public static @Nullable String said(String name) {
        return isMarkedByProperty() ? System.getProperty(name) : System.getenv(name);
    }

    private static boolean isMarkedByProperty() {
        return System.getProperty(TRANSPORT) != null;
    }

    /// Whether a parent of ours has started this process to talk with it. The first answer is that
    /// of the whole JVM for life, whatever thread or class loader asks.
    public static boolean isChild() {
        if (System.getProperty(ANSWER) == null) {
            Object _ = System.getProperties().putIfAbsent(ANSWER, Boolean.toString(isMarked()));
        }
        return Boolean.getBoolean(ANSWER);
    }

    /// Whether this process is such a child and does not know it: no code in it has asked or
    /// connected.
    public static boolean isUnaware() {
        return System.getProperty(ANSWER) == null && isMarked();
    }

    /// How many processes there are above this one that have each started the next.
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

    /// Whether the server called `serverName` is that of the parent. To be asked before this
    /// process connects there: a process that does is the child, and the name is gone then.
    public static boolean isParent(String serverName) {
        return said(TRANSPORT) != null && serverName.equals(said(ADDRESS)) && isChild();
    }

    /// Runs `hook` when the parent has ended, before this JVM halts. Hooks run one after the other,
    /// and have a second and a half together.
    public static void addHook(Runnable hook) {
        HOOKS.add(hook);
    }

    /// Does what takes long and needs no connection to the parent. Any thread may call, before that
    /// is about to be there or beside it.
    public static void lookAhead() {
        CompletableFuture<Void> _ = new CompletableFuture<>(); // a lifeline's: loading it makes a pool
        TerminalInterrupt.leaveToParent();
    }

    /// The connection to the parent is about to be there.
    ///
    /// @param pid of the parent, as the kernel has it; 0 if this process does not see it
    public static void onConnecting(long pid) {
        ExitSign.OfParent found = ExitSign.ofParent(pid);
        if (found != null) {
            sign = found;
            ExitSign.sweepAtExit(found);
        }
        TerminalInterrupt.leaveToParent();
    }

    /// Has this process end with its parent, whose lifeline this is.
    public static void follow(Lifeline lifeline) {
        PARENT.set(lifeline);
        var _ = lifeline.goAway().thenAccept(notice -> {
            if (notice.reason() == GoAway.Reason.EXITING) {
                onParentLeaving(notice);
            }
        });
        var _ = lifeline.end().thenRun(Parenthood::onParentEnd);
        Lifelines.add(lifeline);
    }

    /// Says to the parent, if there is one, that an error has left this JVM in doubt. A heap that
    /// is full is asked again for a tenth of a second: others may give some of it back.
    public static void sayFailed(Error error) {
        Lifeline lifeline = PARENT.get();
        if (lifeline == null) {
            return;
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                lifeline.say(GoAway.failed(error));
                return;
            } catch (OutOfMemoryError _) {
                Pause.of(PAUSE_NANOS);
            }
        }
    }

    /// The parent exits in order, and is not gone yet. Does not wait.
    private static void onParentLeaving(GoAway notice) {
        LEAVING.countDown();
        sayLeaving();
        ExitSign.OfParent seen = sign;
        if (seen != null && notice.equals(GoAway.EXITING_BY_SIGN)) {
            endAfterHooks(seen.directory());
        }
    }

    /// Sooner than by the connection, for which the parent would wait.
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

    /// Says to all children that this process exits in order, to each of them once. Does not wait.
    public static void sayLeaving() {
        Lifelines.sayToAll(ExitSign.show() ? GoAway.EXITING_BY_SIGN : GoAway.EXITING);
    }

    /// A child of this process ends by its connection, and what it has started ends by it.
    public static void exempt(ProcessHandle child) {
        EXEMPT.add(child);
    }

    /// It has ended.
    public static void exemptNoMore(ProcessHandle child) {
        EXEMPT.remove(child);
    }

    /// The parent is gone: ends this JVM. Does not wait for that.
    private static void onParentEnd() {
        Alarm.set(PATIENCE); // first: there may be no memory for what follows
        boolean isInOrder = LEAVING.getCount() == 0;
        // A thread of its own: a hook may take long, and the system's stderr may be a full pipe.
        Thread hooks = new Thread(isInOrder ? Parenthood::exit : Parenthood::runHooks,
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

    /// As after SIGTERM: the program's own hooks run. What it has started by other means is asked
    /// to end here, the rest by the hook for that.
    private static void exit() {
        Set<ProcessHandle> below = ProcessTree.below(ProcessHandle.current());
        for (ProcessHandle child : EXEMPT) {
            below.removeAll(ProcessTree.below(child));
            below.remove(child);
        }
        ProcessTree.terminate(below);
        System.exit(ORPHANED);
    }

    /// What this process has started does not outlive it, as when its parent ends it.
    private static void killBelow() {
        ProcessHandle self = ProcessHandle.current();
        Set<ProcessHandle> below = ProcessTree.below(self);
        ProcessTree.kill(below);
        String mark = said(TREE);
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
            // the thread is ours: nothing interrupts it
        } finally {
            Runtime.getRuntime().halt(ORPHANED);
        }
    }
}
