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
import dev.ipcchannel.internal.process.ProcessTree;
import dev.ipcchannel.transport.AwaitedChild;
import dev.ipcchannel.transport.TransportAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A child process that [ChildJvm] has started. Any thread may use it.
///
/// When this JVM exits in order, it is asked to end (SIGTERM); one with a conversation, or of a set
/// with jobs, over a transport of the library's, is left to the program's own shutdown hooks, and
/// exits once these have ended, within two seconds. When this JVM is killed, a JVM that has
/// connected is gone within two seconds as well; another program sees the end of its standard
/// input.
public final class ChildProcess implements AutoCloseable {

    private static final Duration KILL_PATIENCE = Duration.ofSeconds(10); // of the kernel's
    private static final Duration REPORT_PATIENCE = Duration.ofMillis(100);

    private final ChildJvm origin;
    private final Process process;
    private final ChildOutput output;
    private final CommandLine words;
    private final String mark;
    private final CompletableFuture<Process> end;
    private final long startedNanos = System.nanoTime();
    private volatile long endedNanos;
    private volatile boolean hasEnded;
    private volatile @Nullable AttachSocket attachSocket; // since a thread dump was asked for
    private volatile boolean endsByConnection;
    private final AwaitedChild awaited;

    /// @param words what it was started by
    /// @param mark what it and all that it starts have in their environment
    /// @param end completes when it has ended and what its start has left is put in order
    ChildProcess(ChildJvm origin, Process process, ChildOutput output, CommandLine words,
            String mark, CompletableFuture<Process> end) {
        this.origin = origin;
        this.process = process;
        this.output = output;
        this.words = words;
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

    /// Its number.
    public long pid() {
        return process.pid();
    }

    /// What it runs, as the user has said it, in one line.
    String commandLine() {
        return origin.commandLine();
    }

    /// Whether it runs.
    public boolean isAlive() {
        return process.isAlive();
    }

    /// The process itself, for what is not here, its standard input for instance: a pipe, which
    /// ends when it is closed here, or this JVM has ended.
    public Process process() {
        return process;
    }

    /// What it writes, as far as that is kept; see [Output].
    public ChildOutput output() {
        return output;
    }

    /// This child as a listener waits for it; see [dev.ipcchannel.transport.Transport.Listener].
    public AwaitedChild awaited() {
        return awaited;
    }

    /// Where a debugger can attach, on this machine; empty unless [ChildJvm#debug] was asked for.
    public OptionalInt debugPort() {
        int port = words.debugPort();
        return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }

    /// Completes when it has ended.
    public CompletableFuture<ChildProcess> onExit() {
        return end.thenApply(_ -> this);
    }

    /// Waits for it to end by itself.
    ///
    /// @return its exit code, 128 + n for a death by signal n
    /// @throws TimedOut if it did not end within `timeout`; a dump of its threads is in the report,
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

    /// What is known of it now. Of one that has just ended, waits up to a second for its last
    /// words.
    public ChildReport report() {
        return report("", true);
    }

    /// The same, and where it may not wait, with the words that have come by now.
    ChildReport report(boolean mayWait) {
        return report("", mayWait);
    }

    /// The same with a dump of its threads, if it is a JVM. Waits up to three seconds for that.
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
        return new ChildReport(pid(), Duration.ofNanos(end - startedNanos),
                isOver ? OptionalInt.of(process.exitValue()) : OptionalInt.empty(),
                output.errorLines(mayWait), crashFile(), threadDump);
    }

    /// Where HotSpot was told to put it, or else puts it of itself.
    private @Nullable Path crashFile() {
        Path kept = words.crashFile();
        if (kept != null) {
            return kept;
        }
        Path file = origin.directory().resolve("hs_err_pid" + pid() + ".log");
        return origin.javaOfJvm() != null && Files.exists(file) ? file : null;
    }

    /// It has connected, and so has read what it was started with.
    ///
    /// @param isLeftToHooks whether it ends by itself when this JVM is gone
    void connected(boolean isLeftToHooks) {
        words.connected();
        endsByConnection = isLeftToHooks;
        leaveToHooksWhile(() -> true);
    }

    /// Why the last process that has connected for it was turned away; null if none was.
    @Nullable
    String turnedAway() {
        return TransportAccess.turnedAway(awaited);
    }

    /// Null where it has not connected, or its transport has none.
    @Nullable
    Lifeline lifeline() {
        return TransportAccess.lifeline(awaited);
    }

    /// What an error has left in doubt about its JVM, as its own last word; null if it has said
    /// nothing. Of one that has ended, waits a moment until that has been read.
    @Nullable
    String failure() throws InterruptedException {
        Lifeline line = lifeline();
        if (line == null) {
            return null;
        }
        if (!isAlive()) {
            try {
                line.end().get(REPORT_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException | TimeoutException _) {
                // A process that it has started holds it: what was said is there all the same.
            }
        }
        GoAway notice = line.goAway().getNow(null);
        return notice == null || notice.reason() != GoAway.Reason.FAILED ? null : notice.text();
    }

    /// When this JVM exits in order, it is left to other hooks if `hasWork` says so.
    void leaveToHooksWhile(BooleanSupplier hasWork) {
        if (endsByConnection) {
            LiveChildren.leaveToHooks(process, hasWork);
        }
    }

    /// Waits a moment for the end of a process that is known to be ending: its sockets go first.
    ///
    /// @return whether it has ended
    boolean awaitItsEnd() throws InterruptedException {
        return process.waitFor(REPORT_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Ends it with all that it has started: asks by SIGTERM, waits no longer than `grace`, then
    /// kills. When this returns, they are gone, daemons as well, however quickly they start others,
    /// but not one that has been given an environment without `IPC_CHANNEL_TREE`. Whatever is still
    /// there ten seconds after it was killed is named in the log. An interrupt ends the wait for
    /// its grace, and stays set.
    public void stop(Duration grace) {
        Argument.given(grace, "grace");
        // Not by the JDK: that would close its pipes, and the last words were lost.
        stop(grace, () -> ProcessTree.terminate(process));
    }

    /// The same, asked in another way.
    void stop(Duration grace, Runnable ask) {
        Set<ProcessHandle> seen = ProcessTree.below(process.toHandle());
        boolean isInterrupted = false;
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

    /// Kills it with all that it has started, and waits until it is gone.
    public void kill() {
        stop(Duration.ZERO, () -> {});
    }

    /// Kills what is left.
    ///
    /// @param seen those below it, before it was asked to end: it may have left some behind
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
            // What was not yet read there is lost with it.
        }
    }

    Duration grace() {
        return origin.gracePeriod();
    }

    /// [#stop]s it, with the grace that [ChildJvm#grace] says.
    @Override
    public void close() {
        stop(grace());
    }

    /// What it runs and its number, for messages: `app.Echo (pid=4711)`.
    String nameAndPid() {
        return "%s (pid=%d)".formatted(programName(), pid());
    }

    /// What it runs, for messages.
    String programName() {
        return origin.programName();
    }

    @Override
    public String toString() {
        return "ChildProcess[pid=%d, %s]".formatted(pid(),
                isAlive() ? "running" : ExitCode.describe(process.exitValue()));
    }
}
