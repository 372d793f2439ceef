package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.ExitCode;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The process that an end came from, as far as it is known.
public final class Peer {

    /// A dying process closes its sockets a moment before its exit code can be had.
    private static final long EXIT_PATIENCE_MILLIS = 50;

    private final long pid;
    private final @Nullable Process process;
    private final Supplier<List<String>> errorLines;
    private final AtomicBoolean hasAwaitedExit = new AtomicBoolean();
    // Weak: knowing a process keeps no end alive.
    private final Set<Inbox> inboxes = Collections.newSetFromMap(new WeakHashMap<>(2));

    /// A process of which nothing more is known.
    public Peer(long pid) {
        this(pid, null, List::of);
    }

    /// @param pid as the kernel told it when the process connected
    /// @param process the child itself, if this JVM started it
    /// @param errorLines the lines of its error output, as far as they are captured
    public Peer(long pid, @Nullable Process process, Supplier<List<String>> errorLines) {
        this.pid = pid;
        this.process = process;
        this.errorLines = errorLines;
    }

    /// The number that the kernel knows it by.
    public long pid() {
        return pid;
    }

    /// One more receiver came from it.
    void add(Inbox inbox) {
        synchronized (inboxes) {
            inboxes.add(inbox);
        }
    }

    /// The receivers that came from it and are still in use.
    List<Inbox> inboxes() {
        synchronized (inboxes) {
            return List.copyOf(inboxes);
        }
    }

    /// Who it is and, if it is a child that has died, how: for messages.
    ///
    /// @param mayWait up to 50 ms for the exit code; once, whatever number of ends came from it
    public String describe(boolean mayWait) {
        boolean waits = mayWait && hasAwaitedExit.compareAndSet(false, true);
        if (process == null || !hasEnded(process, waits ? EXIT_PATIENCE_MILLIS : 0)) {
            return "pid=" + pid;
        }
        return "pid=" + pid + ", " + ExitCode.describe(process.exitValue())
                + quote(errorLines.get());
    }

    private static boolean hasEnded(Process process, long patienceMillis) {
        try {
            return process.waitFor(patienceMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            // The caller's to see; the exit code is only an extra.
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    /// Error lines, to be put behind a sentence; nothing if there are none.
    public static String quote(List<String> lines) {
        return lines.isEmpty() ? "" : ", error lines:\n    " + String.join("\n    ", lines);
    }
}
