package dev.ipcchannel.child;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.GoAway;
import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.process.ExitCode;
import dev.ipcchannel.internal.process.Kill;
import dev.ipcchannel.internal.process.ProcessTree;
import dev.ipcchannel.transport.AwaitedChild;
import dev.ipcchannel.transport.TransportAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A child process, started by a [ChildJvm]. Any thread may use it.
///
/// When this JVM exits in order, it asks the child to end (SIGTERM). But a child with a
/// conversation over one of the library's transports, or a worker with jobs, is left to the
/// program's own shutdown hooks, and exits within two seconds after these have ended. When this JVM
/// is killed, a child JVM that has connected ends within two seconds as well; any other program
/// sees the end of its standard input.
public final class ChildProcess implements AutoCloseable {

    private static final Duration KILL_PATIENCE = Duration.ofSeconds(10); // of the kernel's
    private static final Duration REPORT_PATIENCE = Duration.ofMillis(100);

    private final ChildJvm origin;
    private final Process process;
    private final ChildOutput output;
    private final CommandLine words;
    private final ChildMemory memory;
    private final String mark;
    private final CompletableFuture<Process> end;
    private final long startedNanos = System.nanoTime();
    private volatile long endedNanos;
    private volatile boolean hasEnded;
    private volatile @Nullable AttachSocket attachSocket; // once a thread dump was requested
    private volatile boolean endsByConnection;
    private volatile boolean isAskedToEnd; // by this process
    private final AwaitedChild awaited;

    /// @param words the command line that it was started by
    /// @param memory its limit of memory
    /// @param mark a variable in the environment of the child and of all that it starts
    /// @param end completes when the child has ended and the files of its start are cleaned up
    ChildProcess(ChildJvm origin, Process process, ChildOutput output, CommandLine words,
            ChildMemory memory, String mark, CompletableFuture<Process> end) {
        this.origin = origin;
        this.process = process;
        this.output = output;
        this.words = words;
        this.memory = memory;
        this.mark = mark;
        this.end = end;
        this.awaited =
                TransportAccess.awaited(process, origin.commandLine(), this::report,
                        output::errorLines, end);
        var _ = end.thenRun(() -> {
            endedNanos = System.nanoTime();
            hasEnded = true;
        });
    }

    /// The child's process number.
    public long pid() {
        return process.pid();
    }

    /// The child's program and arguments in one line, as the user gave them.
    String commandLine() {
        return origin.commandLine();
    }

    /// Whether the child runs.
    public boolean isAlive() {
        return process.isAlive();
    }

    /// The process itself, for all that this class lacks. For instance its standard input: a pipe,
    /// which ends when it is closed here or when this JVM has ended.
    public Process process() {
        return process;
    }

    /// The record of the child's output; see [Output].
    public ChildOutput output() {
        return output;
    }

    /// The child as the object that a listener waits for; see
    /// [dev.ipcchannel.transport.Transport.Listener].
    public AwaitedChild awaited() {
        return awaited;
    }

    /// The local port that a debugger can attach to; empty without [ChildJvm#debug].
    public OptionalInt debugPort() {
        int port = words.debugPort();
        return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }

    /// A future that completes when the child has ended.
    public CompletableFuture<ChildProcess> onExit() {
        return end.thenApply(_ -> this);
    }

    /// Waits for the child to end by itself.
    ///
    /// @return its exit code, 128 + n for a death by signal n
    /// @throws TimedOut if it did not end within `timeout`; the report has a dump of its threads,
    /// which takes up to three seconds more
    /// @throws InterruptedException if the thread is interrupted while it waits
    public int awaitExit(Duration timeout) throws InterruptedException {
        try {
            return output.awaitExit(timeout);
        } catch (TimedOut _) { // which says less
            ChildReport report = reportWithThreads();
            throw new TimedOut(
                    "the child did not end within the time given: timeout=%s, child=%s, %s"
                            .formatted(ShownTime.of(timeout), commandLine(), report),
                    report, null);
        }
    }

    /// The facts known of the child now. If it has just ended, waits up to a second for its last
    /// lines.
    public ChildReport report() {
        return report("", true);
    }

    /// The same; if it may not wait, with the lines that have arrived by now.
    ChildReport report(boolean mayWait) {
        return report("", mayWait);
    }

    /// The same with a dump of the child's threads, if it is a JVM. Waits up to three seconds for
    /// the dump.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits
    public ChildReport reportWithThreads() throws InterruptedException {
        Path java = origin.javaOfJvm();
        if (java == null) {
            return report("", true);
        }
        String dump = ThreadDump.take(process, java);
        AttachSocket socket = AttachSocket.of(pid());
        if (socket != null) {
            attachSocket = socket;
            var _ = end.thenRun(socket::remove);
        }
        return report(dump, true);
    }

    private ChildReport report(String threadDump, boolean mayWait) {
        boolean isOver = !process.isAlive();
        long end = isOver && hasEnded ? endedNanos : System.nanoTime();
        OptionalInt exitCode =
                isOver ? OptionalInt.of(process.exitValue()) : OptionalInt.empty();
        List<String> errorLines = output.errorLines(mayWait);
        if (isOver && mayWait) {
            awaitNotices();
        }
        Path crashFile = crashFile();
        return new ChildReport(pid(), Duration.ofNanos(end - startedNanos), exitCode, errorLines,
                crashFile, threadDump, memory.words(),
                TransportAccess.cause(isOver ? endByKill() : Kill.NONE, exitCode, errorLines,
                        crashFile,
                        announced(GoAway.Reason.FAILED), announced(GoAway.Reason.SYSTEM_EXIT)));
    }

    /// The kill of the child. One by SIGTERM, which this process has sent, counts as one.
    private Kill endByKill() {
        return isAskedToEnd && ExitCode.signal(process.exitValue()).equals("SIGTERM") ? Kill.HERE
                : Kill.of(process);
    }

    /// The text of a notice that the child has sent so far; null if none.
    private @Nullable String announced(GoAway.Reason reason) {
        Lifeline line = lifeline();
        GoAway notice = line == null ? null : line.notice(reason);
        return notice == null ? null : notice.text();
    }

    /// Waits a moment until the last notices of a child that has ended have been read. An interrupt
    /// ends the wait, and the flag is set again.
    private void awaitNotices() {
        Lifeline line = lifeline();
        if (line == null) {
            return;
        }
        try {
            line.end().get(REPORT_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException _) {
            // A process that the child has started keeps it open: the notices are there all the
            // same.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// The crash report, at the path that HotSpot was given, else at its default path.
    private @Nullable Path crashFile() {
        Path kept = words.crashFile();
        if (kept != null) {
            return kept;
        }
        Path file = origin.directory().resolve("hs_err_pid" + pid() + ".log");
        return origin.javaOfJvm() != null && Files.exists(file) ? file : null;
    }

    /// Notes that the child has connected, and so has read the files that it was started with.
    ///
    /// @param isLeftToHooks whether the child ends by itself when this JVM is gone
    void connected(boolean isLeftToHooks) {
        words.connected();
        endsByConnection = isLeftToHooks;
        leaveToHooksWhile(() -> true);
    }

    /// The reason why the last process that connected as this child was turned away; null if none
    /// was.
    @Nullable
    String turnedAway() {
        return TransportAccess.turnedAway(awaited);
    }

    /// The child's lifeline; null if it has not connected or its transport has none.
    @Nullable
    Lifeline lifeline() {
        return TransportAccess.lifeline(awaited);
    }

    /// The child's own last message, of an error that has left its JVM in doubt; null if there is
    /// none. If the child has ended, waits a moment until that message has been read.
    @Nullable
    String failure() {
        if (!isAlive()) {
            awaitNotices();
        }
        return announced(GoAway.Reason.FAILED);
    }

    /// Has an orderly exit of this JVM leave the child to the program's shutdown hooks while
    /// `hasWork` is true.
    void leaveToHooksWhile(BooleanSupplier hasWork) {
        if (endsByConnection) {
            LiveChildren.leaveToHooks(process, hasWork);
        }
    }

    /// Waits a moment for the end of a process that is known to be ending: its sockets close first.
    ///
    /// @return whether it has ended
    boolean awaitItsEnd() throws InterruptedException {
        return process.waitFor(REPORT_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Ends the child and all that it has started: asks by SIGTERM, waits no longer than `grace`,
    /// then kills. When this returns, all of these processes are gone, daemons as well, however
    /// quickly they start others; except a process started with an environment without
    /// `IPC_CHANNEL_TREE`. If a process is still there ten seconds after the kill, the log names
    /// it. An interrupt ends the wait for the grace, and the interrupt flag remains set.
    public void stop(Duration grace) {
        Argument.given(grace, "grace");
        // Not by the JDK: that would close the pipes, and the last lines would be lost.
        stop(grace, () -> ProcessTree.terminate(process));
    }

    /// The same, but `ask` asks the child to end.
    void stop(Duration grace, Runnable ask) {
        Set<ProcessHandle> seen = ProcessTree.below(process.toHandle());
        boolean isInterrupted = false;
        isAskedToEnd |= process.isAlive();
        try {
            ask.run();
            boolean _ = process.waitFor(Deadline.after(grace).remainingNanos(),
                    TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            isInterrupted = true;
        } finally {
            isInterrupted |= end(seen);
            closeInput();
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Kills the child and all that it has started, and waits until they are gone.
    public void kill() {
        stop(Duration.ZERO, () -> {});
    }

    /// Kills the processes that are left.
    ///
    /// @param seen the processes below the child, found before it was asked to end: some may have
    /// outlived it
    /// @return whether the thread was interrupted meanwhile
    private boolean end(Set<ProcessHandle> seen) {
        Deadline deadline = Deadline.after(KILL_PATIENCE);
        if (process.isAlive()) {
            seen.addAll(ProcessTree.kill(process));
        }
        ProcessTree.kill(seen);
        if (ProcessTree.killMarked(mark, deadline) < 0) {
            Log.warning("processes that a child has started are still there after they were killed",
                    "child=%d, waited=%d s: look for %s in their environment".formatted(pid(),
                            KILL_PATIENCE.toSeconds(), mark));
        }
        boolean isInterrupted = awaitOrder(deadline);
        AttachSocket socket = attachSocket;
        if (socket != null && !process.isAlive()) { // the end of another thread may take a moment
            socket.remove();
        }
        ProcessTree.awaitEnd(seen, deadline);
        memory.remove();
        return isInterrupted;
    }

    private boolean awaitOrder(Deadline deadline) {
        boolean isInterrupted = false;
        while (!end.isDone() && !deadline.isPast()) {
            try {
                end.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException _) {
                isInterrupted = true;
            } catch (ExecutionException | TimeoutException _) {
                // Either ends the loop.
            }
        }
        return isInterrupted;
    }

    private void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException _) {
            // Bytes not yet read there are lost with the child.
        }
    }

    Duration grace() {
        return origin.gracePeriod();
    }

    /// Ends the child by [#stop] with the grace of [ChildJvm#grace].
    @Override
    public void close() {
        stop(grace());
    }

    /// The child's program and number, for error texts: `app.Echo (pid=4711)`.
    String nameAndPid() {
        return "%s (pid=%d)".formatted(programName(), pid());
    }

    /// The child's program, for error texts.
    String programName() {
        return origin.programName();
    }

    @Override
    public String toString() {
        return "ChildProcess[pid=%d, %s]".formatted(pid(),
                isAlive() ? "running" : ExitCode.describe(process.exitValue()));
    }
}
