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

/// A process and those that it has started, and they in turn: as far as they still hang together,
/// or carry a mark in their environment, which one inherits from the other.
///
/// A process is known by its number and the moment of its start, which the JDK compares before it
/// signals: a number that was given anew harms nobody.
///
/// None of this waits longer than it says, though the kernel may keep who asks for a process that
/// is amid an exec: what cannot be found out in [#PATIENCE] is not known.
public final class ProcessTree {

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int MAX_LOOKS = 16; // at one that starts others all the time
    private static final long PAUSE_NANOS = 1_000_000;
    private static final String STATE = "State:\t"; // in /proc/PID/status, which waits for no exec
    private static final char GONE = 'X'; // as the kernel has it in the moment before

    private ProcessTree() {}

    /// Does what it does to others to nobody, so that all classes for that are loaded: later there
    /// may be no class loader any more.
    public static void load() {
        boolean _ = TimedQuery.ask(() -> Signals.isInUse(ProcessHandle.current().pid()), PATIENCE,
                true);
    }

    /// Those below `root` now, as far as that can be found out.
    public static Set<ProcessHandle> below(ProcessHandle root) {
        return TimedQuery.ask(() -> listed(root::descendants), PATIENCE, new LinkedHashSet<>());
    }

    /// The JDK opens /proc for that, which a process cannot do that may open no more files: then
    /// none are found, and who asks goes on with what it knows.
    private static Set<ProcessHandle> listed(Supplier<Stream<ProcessHandle>> processes) {
        try {
            return processes.get().collect(Collectors.toCollection(LinkedHashSet::new));
        } catch (RuntimeException _) {
            return new LinkedHashSet<>();
        }
    }

    /// Kills `root` and all below it with SIGKILL. Does not wait for their end.
    ///
    /// The root is the last to go: with it would go the knowledge of what belongs to it.
    ///
    /// @return those below it
    public static Set<ProcessHandle> kill(Process root) {
        Set<ProcessHandle> killed = ConcurrentHashMap.newKeySet(); // a thread may be late
        boolean _ = TimedQuery.ask(() -> killBelow(root.toHandle(), killed), PATIENCE, false);
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

    /// Not by the JDK, which looks into /proc for when the process has started, and does nothing
    /// where it cannot. The number of a child that it counts as alive is that child's.
    private static void signal(Process child, int signal) {
        if (child.isAlive()) {
            Signals.send(child.pid(), signal);
        }
    }

    /// Kills those of this user that were started with `mark` in their environment, or by one that
    /// was, also where their own parents have ended: daemons. Not one that was given another
    /// environment, nor this process itself. Waits for their end, however quickly they start
    /// others, up to the deadline; but not for one whose environment the kernel does not tell for
    /// now: that one is killed when it does, with what it starts.
    ///
    /// @return how many there were; negative if some were still there at the deadline
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

    /// Whether it has not ended: one whose parent has not yet asked for its exit code has, though
    /// the JDK counts it among the living.
    private static boolean isRunning(ProcessHandle process) {
        char state = state(process.pid());
        return state != 'Z' && state != GONE && process.isAlive();
    }

    /// What the kernel says that a process is doing: a letter as in `ps`, X where there is none.
    public static char state(long pid) {
        try {
            String status = read(pid, "status"); // Name:  a name, escaped \n Umask: 0022 \n State: S …
            return status.charAt(status.indexOf('\n' + STATE) + 1 + STATE.length());
        } catch (IOException | StringIndexOutOfBoundsException _) { // gone
            return GONE;
        }
    }

    /// Whether a process has ended, or is about to: its memory is gone, and what it has open is
    /// being closed. A peer that hears of the end by one of its sockets may find others open still.
    public static boolean isEnding(long pid) {
        try {
            return read(pid, "statm").startsWith("0 ");
        } catch (IOException _) { // gone
            return true;
        }
    }

    /// Reads a file of the kernel's in a way that an interrupt does not end.
    private static String read(long pid, String name) throws IOException {
        try (FileInputStream file = new FileInputStream("/proc/" + pid + "/" + name)) {
            return new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
