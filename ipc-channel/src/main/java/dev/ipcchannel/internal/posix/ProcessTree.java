package dev.ipcchannel.internal.posix;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A process and those that it has started, and they in turn: as far as they still hang together,
/// or carry a mark in their environment, which one inherits from the other.
///
/// A process is known by its number and the moment of its start, which the JDK compares before it
/// signals: a number that was given anew harms nobody.
public final class ProcessTree {

    // int kill(pid_t pid, int sig);
    private static final MemorySegment KILL = Native.symbol("kill");
    private static final int SIGKILL = 9;

    private static final int MAX_LOOKS = 16; // at one that starts others all the time
    private static final long PAUSE_NANOS = 1_000_000;
    private static final int STATE = 2; // behind the name in /proc/PID/stat
    private static final char GONE = 'X'; // as the kernel has it in the moment before

    private ProcessTree() {}

    /// Those below `root` now.
    public static Set<ProcessHandle> below(ProcessHandle root) {
        return listed(root::descendants);
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
        Set<ProcessHandle> killed = new LinkedHashSet<>();
        Set<ProcessHandle> below = below(root.toHandle());
        for (int look = 0; look < MAX_LOOKS && !below.isEmpty(); look++) {
            below.forEach(ProcessHandle::destroyForcibly);
            killed.addAll(below);
            below = below(root.toHandle());
            below.removeIf(process -> !isRunning(process));
        }
        killAlone(root);
        return killed;
    }

    /// The JDK looks into /proc for when a process has started before it signals, and does nothing
    /// where it cannot, since no more files may be open. The number of a child that it counts as
    /// alive is that child's.
    private static void killAlone(Process child) {
        if (child.toHandle().destroyForcibly() || !child.isAlive()) {
            return;
        }
        try (Frame frame = Frame.borrow()) {
            long _ = Native.call(frame, KILL, child.pid(), SIGKILL, 0, 0, 0, 0);
        }
    }

    /// Kills those of this user that were started with `mark` in their environment, or by one that
    /// was, also where their own parents have ended: daemons. Not one that was given another
    /// environment, nor this process itself. Waits for their end, however quickly they start
    /// others, up to the deadline.
    ///
    /// @return how many there were; negative if some were still there at the deadline
    public static int killMarked(String mark, Deadline deadline) {
        return ProcessWalk.killMarked(mark, deadline);
    }

    /// Waits until none of them runs any more, up to the deadline.
    public static void awaitEnd(Set<ProcessHandle> processes, Deadline deadline) {
        while (!deadline.isPast() && processes.stream().anyMatch(ProcessTree::isRunning)) {
            Pause.of(PAUSE_NANOS);
        }
    }

    /// Whether it has not ended: one whose parent has not yet asked for its exit code has, though
    /// the JDK counts it among the living.
    private static boolean isRunning(ProcessHandle process) {
        char state = state(process.pid());
        return process.isAlive() && state != 'Z' && state != GONE;
    }

    /// What the kernel says that a process is doing: a letter as in `ps`, X where there is none.
    public static char state(long pid) {
        try {
            String stat = read(pid, "stat");
            // The name before it is in brackets and may have some of its own.
            return stat.charAt(stat.lastIndexOf(')') + STATE);
        } catch (IOException | StringIndexOutOfBoundsException _) { // gone
            return GONE;
        }
    }

    /// Reads a file of the kernel's in a way that an interrupt does not end.
    private static String read(long pid, String name) throws IOException {
        try (FileInputStream file = new FileInputStream("/proc/" + pid + "/" + name)) {
            return new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
