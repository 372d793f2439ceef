package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.Alarm;
import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.ProcessTree;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// What a process that a parent of ours has started knows of it: by what its environment says, and
/// by a connection that is open as long as that parent lives.
///
/// A child is not to outlive its parent, whatever it is doing: when the connection ends, which only
/// the parent's own end brings about, hooks get a moment, and then the JVM halts. (Not by
/// PR_SET_PDEATHSIG, which fires when the thread ends that started the child.)
public final class Parenthood {

    /// Names the transport, and says at the same time that there is such a parent.
    public static final String TRANSPORT = "IPC_CHANNEL_CHILD";

    /// Where the child connects, in the words of the transport.
    public static final String ADDRESS = "IPC2_SOCKET_PATH";

    /// How many jobs the parent gives it at once.
    public static final String JOBS = "IPC_CHANNEL_JOBS";

    /// The number of the parent's process: all that a child starts inherits it, and is another
    /// one's child.
    public static final String PARENT = "IPC_CHANNEL_PARENT";

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

    private static final int MAX_SCRIPTS = 8; // between the parent and a JVM

    private static final List<Runnable> HOOKS = new CopyOnWriteArrayList<>();

    private Parenthood() {}

    /// What the parent has put into the environment.
    public static @Nullable String said(String name) {
        return System.getenv(name);
    }

    /// Whether a parent of ours has started this very process, be it by way of a script, and not
    /// another JVM above it.
    public static boolean isChild() {
        String parent = said(PARENT);
        Optional<ProcessHandle> above = ProcessHandle.current().parent();
        for (int level = 0; parent != null && above.isPresent() && level < MAX_SCRIPTS; level++) {
            if (Long.toString(above.get().pid()).equals(parent)) {
                return true;
            }
            if (above.get().info().command().orElse("").endsWith("/java")) {
                return false;
            }
            above = above.get().parent();
        }
        return false;
    }

    /// Whether the server called `serverName` is that of the parent.
    public static boolean isParent(String serverName) {
        return said(TRANSPORT) != null && serverName.equals(said(ADDRESS));
    }

    /// Runs `hook` when the parent has ended, before this JVM halts. Hooks run one after the other,
    /// and have a second and a half together.
    public static void addHook(Runnable hook) {
        HOOKS.add(hook);
    }

    /// The parent is gone: ends this JVM. Does not wait for that.
    public static void onParentEnd() {
        Alarm.set(PATIENCE); // first: there may be no memory for what follows
        // A thread of its own: a hook may take long, and the system's stderr may be a full pipe.
        Thread hooks = new Thread(Parenthood::runHooks, "ipc-channel orphan hooks");
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

    /// What this process has started does not outlive it, as when its parent ends it.
    private static void killBelow() {
        ProcessHandle self = ProcessHandle.current();
        Set<ProcessHandle> below = ProcessTree.below(self);
        below.forEach(ProcessHandle::destroyForcibly);
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
        } catch (InterruptedException _) {
            // nobody knows this thread
        } finally {
            Runtime.getRuntime().halt(ORPHANED);
        }
    }
}
