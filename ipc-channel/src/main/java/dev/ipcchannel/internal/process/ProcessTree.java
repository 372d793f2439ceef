package dev.ipcchannel.internal.process;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.TimedQuery;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.posix.ProcessWalk;
import dev.ipcchannel.internal.posix.Signals;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A process and its descendants: those that are still related to it, and those that have inherited
/// a mark in their environment.
///
/// A process is identified by its number and the time of its start, which the JDK compares before
/// it signals: so a reused number does no harm.
///
/// No method waits longer than it says, although the kernel may delay a question about a process
/// that is amid an exec: an answer that does not come within [#PATIENCE] counts as unknown.
public final class ProcessTree {

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int MAX_LOOKS = 16; // at a process that starts others all the time
    private static final long PAUSE_NANOS = 1_000_000;
    private static final String STATE = "State:\t"; // in /proc/PID/status, which waits for no exec
    private static final char GONE = 'X'; // the kernel's letter just before the end

    private ProcessTree() {}

    /// Loads all classes for the work with other processes: later there may be no class loader for
    /// that. It has no other effect.
    public static void load() {
        boolean _ = TimedQuery.ask(() -> Signals.isInUse(ProcessHandle.current().pid()), PATIENCE,
                true);
    }

    /// The processes below `root` now, as far as they can be found.
    public static Set<ProcessHandle> below(ProcessHandle root) {
        return TimedQuery.ask(() -> listed(root::descendants), PATIENCE, new LinkedHashSet<>());
    }

    /// The JDK opens /proc for that, which fails in a process that may open no more files: then
    /// none are found, and the caller goes on with what it knows.
    private static Set<ProcessHandle> listed(Supplier<Stream<ProcessHandle>> processes) {
        try {
            return processes.get().collect(Collectors.toCollection(LinkedHashSet::new));
        } catch (RuntimeException _) {
            return new LinkedHashSet<>();
        }
    }

    /// Kills `root` and all below it with SIGKILL. Does not wait for their end.
    ///
    /// The root is killed last, because it is the only way to find its descendants.
    ///
    /// @return the processes below it
    public static Set<ProcessHandle> kill(Process root) {
        Set<ProcessHandle> killed = ConcurrentHashMap.newKeySet(); // a thread may be late
        boolean _ = TimedQuery.ask(() -> killBelow(root.toHandle(), killed), PATIENCE, false);
        if (root.isAlive()) {
            Kill.comesFromHere(root);
        }
        signal(root, Signals.KILL);
        return new LinkedHashSet<>(killed);
    }

    private static boolean killBelow(ProcessHandle root, Set<ProcessHandle> killed) {
        Set<ProcessHandle> below = listed(root::descendants);
        for (int look = 0; look < MAX_LOOKS && !below.isEmpty(); look++) {
            killed.addAll(below);
            below.forEach(ProcessHandle::destroyForcibly);
            below = listed(root::descendants);
            below.removeIf(process -> !isRunning(process));
        }
        return true;
    }

    /// Kills these with SIGKILL. Does not wait for their end.
    public static void kill(Set<ProcessHandle> processes) {
        each(processes, ProcessHandle::destroyForcibly);
    }

    private static void each(Set<ProcessHandle> processes, Consumer<ProcessHandle> signal) {
        Set<ProcessHandle> all = Set.copyOf(processes);
        boolean _ = all.isEmpty() || TimedQuery.ask(() -> {
            all.forEach(signal);
            return true;
        }, PATIENCE, false);
    }

    /// Asks these to end, with SIGTERM.
    public static void terminate(Set<ProcessHandle> processes) {
        each(processes, ProcessHandle::destroy);
    }

    /// Asks a child to end, with SIGTERM. Its pipes stay open for its last words.
    public static void terminate(Process child) {
        signal(child, Signals.TERM);
    }

    /// Not by the JDK, which reads the time of the process's start from /proc, and does nothing if
    /// it cannot. The number of a child that the JDK counts as alive belongs to that child.
    private static void signal(Process child, int signal) {
        if (child.isAlive()) {
            Signals.send(child.pid(), signal);
        }
    }

    /// Kills the processes of this user that were started with `mark` in their environment, or by
    /// such a process, even if their own parents have ended: daemons. It does not kill processes
    /// with another environment, nor this process. Waits up to the deadline for their end, however
    /// quickly they start others. It does not wait for a process whose environment the kernel
    /// withholds for now: once the kernel gives it, that process and its descendants are killed.
    ///
    /// @return the number of processes; negative if some were still there at the deadline
    public static int killMarked(String mark, Deadline deadline) {
        return ProcessWalk.killMarked(mark, deadline);
    }

    /// Waits until none of them runs any more, up to the deadline.
    public static void awaitEnd(Set<ProcessHandle> processes, Deadline deadline) {
        Set<ProcessHandle> all = Set.copyOf(processes);
        if (all.isEmpty() || deadline.isPast()) {
            return;
        }
        boolean _ = TimedQuery.ask(() -> {
            while (!deadline.isPast() && all.stream().anyMatch(ProcessTree::isRunning)) {
                Pause.of(PAUSE_NANOS);
            }
            return true;
        }, Duration.ofNanos(deadline.remainingNanos()), false);
    }

    /// Whether it has not ended. A process has ended even if its parent has not asked for its exit
    /// code yet, though the JDK counts it as alive.
    private static boolean isRunning(ProcessHandle process) {
        char state = state(process.pid());
        return state != 'Z' && state != GONE && process.isAlive();
    }

    /// The kernel's letter for the state of a process, as in `ps`; X if there is no process.
    public static char state(long pid) {
        try {
            // Name:  a name, escaped \n Umask: 0022 \n State: S …
            String status = read(pid, "status");
            return status.charAt(status.indexOf('\n' + STATE) + 1 + STATE.length());
        } catch (IOException | StringIndexOutOfBoundsException _) { // gone
            return GONE;
        }
    }

    /// Whether a process has ended, or is about to: its memory is gone, and its descriptors are
    /// being closed. A peer that sees the end of one of its sockets may find others still open.
    public static boolean isEnding(long pid) {
        try {
            return read(pid, "statm").startsWith("0 ");
        } catch (IOException _) { // gone
            return true;
        }
    }

    /// Reads a file of the kernel in a way that an interrupt does not end.
    private static String read(long pid, String name) throws IOException {
        try (FileInputStream file = new FileInputStream("/proc/" + pid + "/" + name)) {
            return new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
