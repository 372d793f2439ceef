package dev.ipcchannel.internal.process;

import dev.ipcchannel.internal.posix.ChildCgroup;
import dev.ipcchannel.internal.posix.KernelLog;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The SIGKILL that has ended a child of this process.
///
/// @param origin where it came from
/// @param words the same as a part of a sentence; empty if there is nothing to say
public record Kill(Origin origin, String words) {

    /// A sender of SIGKILL.
    public enum Origin {
        /// None: the child has not been killed.
        NONE,
        /// The kernel, for lack of memory.
        KERNEL,
        /// This library, in this process.
        HERE,
        /// A process, perhaps this one by other means, and not the kernel.
        PROCESS,
        /// Not known, because the kernel's log may not be read here.
        UNKNOWN
    }

    /// No kill at all.
    public static final Kill NONE = new Kill(Origin.NONE, "");

    /// A kill, or another end, that this process has brought about.
    public static final Kill HERE = new Kill(Origin.HERE, "");

    private static final Kill BY_PROCESS = new Kill(Origin.PROCESS,
            "killed by a process, and not by the kernel for lack of memory");
    private static final Kill UNKNOWN = new Kill(Origin.UNKNOWN,
            "dmesg says whether the kernel has killed it for lack of memory");

    private static final int KILLED = 128 + 9; // the exit code

    /// The facts known of a running child. Its fields are guarded by its lock.
    private static final class Trail {

        private final ReentrantLock lock = new ReentrantLock();
        private final long sinceNanos = System.nanoTime();
        private @Nullable ChildCgroup cgroup;
        private boolean isKilledHere;
        private long killsBefore; // by the kernel in the cgroup, when this process killed it
        private @Nullable Kill kill; // once found
    }

    // A process that nothing refers to any more needs no trail.
    private static final Map<Process, Trail> TRAILS =
            Collections.synchronizedMap(new WeakHashMap<>());

    private static Trail trail(Process child) {
        return TRAILS.computeIfAbsent(child, _ -> new Trail());
    }

    /// Notes a child that was just started.
    ///
    /// @param cgroup its memory cgroup; null if it has none of its own
    public static void started(Process child, @Nullable ChildCgroup cgroup) {
        Trail trail = trail(child);
        trail.lock.lock();
        try {
            trail.cgroup = cgroup;
        } finally {
            trail.lock.unlock();
        }
    }

    /// Notes that this process is about to kill it.
    static void comesFromHere(Process child) {
        Trail trail = trail(child);
        trail.lock.lock();
        try {
            ChildCgroup cgroup = trail.cgroup;
            if (!trail.isKilledHere && cgroup != null) {
                cgroup.readCounts();
                trail.killsBefore = cgroup.kills();
            }
            trail.isKilledHere = true;
        } finally {
            trail.lock.unlock();
        }
    }

    /// The kill of a child that has ended.
    public static Kill of(Process child) {
        if (child.isAlive() || child.exitValue() != KILLED) {
            return NONE;
        }
        Trail trail = trail(child);
        trail.lock.lock();
        try {
            Kill known = trail.kill;
            Kill kill = known == null ? found(child.pid(), trail) : known;
            trail.kill = kill;
            return kill;
        } finally {
            trail.lock.unlock();
        }
    }

    private static Kill found(long pid, Trail trail) {
        ChildCgroup cgroup = trail.cgroup;
        if (cgroup != null) {
            cgroup.readCounts();
            if (cgroup.kills() > trail.killsBefore) { // else it was a process that it had started
                return byKernel(": limit=%d, peak=%d: raise memoryLimit, or have it use less"
                        .formatted(cgroup.limit(), cgroup.peak()));
            }
        }
        if (trail.isKilledHere) {
            return HERE;
        }
        if (cgroup != null) { // it counts also what the kernel kills for the whole machine
            return BY_PROCESS;
        }
        String log = KernelLog.read();
        long now = System.nanoTime();
        if (log == null) {
            return UNKNOWN;
        }
        return KernelLog.hasKilled(log, pid, Duration.ofNanos(now - trail.sinceNanos), now)
                ? byKernel("") : BY_PROCESS;
    }

    private static Kill byKernel(String figures) {
        return new Kill(Origin.KERNEL, "killed by the kernel for lack of memory" + figures);
    }
}
