package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.ExitCode;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The process that an end came from, as far as it is known.
public final class Peer {

    /// A dying process closes its sockets a moment before its exit code can be had.
    private static final Duration EXIT_PATIENCE = Duration.ofMillis(50);

    private final long pid;
    private final @Nullable Process process;
    private final Supplier<List<String>> errorLines;
    // When patience with its exit code ends: counted from the first who asked how it has ended.
    private final AtomicReference<@Nullable Deadline> patience = new AtomicReference<>();
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
    /// @param mayWait for the exit code, up to 50 ms from the first time that it is asked for: so many
    /// ends that came from it wait no longer than one
    public String describe(boolean mayWait) {
        if (process == null || !hasEnded(process, mayWait ? patienceNanos() : 0)) {
            return "pid=" + pid;
        }
        return "pid=" + pid + ", " + ExitCode.describe(process.exitValue())
                + quote(errorLines.get());
    }

    private long patienceNanos() {
        Deadline first = patience.get();
        if (first == null) {
            patience.compareAndSet(null, Deadline.after(EXIT_PATIENCE));
            first = patience.get();
        }
        return first == null ? 0 : first.remainingNanos();
    }

    private static boolean hasEnded(Process process, long patienceNanos) {
        try {
            return process.waitFor(patienceNanos, TimeUnit.NANOSECONDS);
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
