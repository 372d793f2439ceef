package dev.ipcchannel.child;

import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.process.ExitCode;
import dev.ipcchannel.internal.process.ProcessTree;
import dev.ipcchannel.internal.rendezvous.Child;
import dev.ipcchannel.internal.wire.PeerAccount;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A record of a child's standard output and error output, line by line.
///
/// Two daemon threads read, so the child never waits for a reader, and the JVM's exit never waits
/// for the child. The output is kept up to a limit; beyond that, the oldest lines are dropped. Of
/// the error output, the first and the last lines are kept. Any thread may use it.
public final class ChildOutput implements AutoCloseable {

    private static final int MAX_OUTPUT_CHARS = 1 << 20;
    private static final int MAX_LINE_CHARS = 8 * 1024;
    private static final int FIRST_ERROR_LINES = 5;
    private static final int LAST_ERROR_LINES = 15;
    private static final long DRAIN_SECONDS = 1; // a grandchild may keep the pipe open for ever

    private final Process process;
    private final long sinceNanos = System.nanoTime();
    private final Object monitor = new Object();
    private final ArrayDeque<String> output = new ArrayDeque<>(); // all guarded by the monitor
    private final ArrayDeque<String> unread = new ArrayDeque<>(); // its end, not yet read
    private final List<String> firstErrors = new ArrayList<>(); // a trace begins with its failure
    private final ArrayDeque<String> lastErrors = new ArrayDeque<>();
    private final Thread outputReader;
    private final Thread errorReader;
    private int outputChars;
    private long lostErrors;
    private boolean hasOutputEnded;
    private volatile boolean hasErrors; // so that forgetting nothing costs nothing

    private ChildOutput(Process process, Consumer<String> lines, Consumer<String> errorLines) {
        this.process = process;
        this.outputReader = reader("output", process.getInputStream(),
                line -> addOutput(line, lines), this::endOutput);
        this.errorReader = reader("errors", process.getErrorStream(),
                line -> addError(line, errorLines), () -> {});
    }

    /// Starts to read the output of `child`. Call it once, right after the start, for a child whose
    /// streams are not redirected.
    public static ChildOutput capture(Process child) {
        return capture(child, _ -> {}, _ -> {});
    }

    /// Starts to read the output of `child`, and hands each line on as it comes.
    ///
    /// @param lines gets the lines of standard output, on the reading thread. While it waits, the
    /// child has to wait as well once the pipe is full. Its exceptions are logged
    /// @param errorLines gets the lines of the error output
    public static ChildOutput capture(Process child, Consumer<String> lines,
            Consumer<String> errorLines) {
        Argument.given(child, "child");
        Argument.given(lines, "lines");
        Argument.given(errorLines, "errorLines");
        ChildOutput captured = new ChildOutput(child, lines, errorLines);
        captured.outputReader.start();
        captured.errorReader.start();
        return captured;
    }

    /// The child.
    public Process process() {
        return process;
    }

    /// Waits for this child, or a process that it has started, to connect to `server` and send its
    /// message. Throws what [OneShotServer#accept(Process, Duration)] throws; the exceptions have
    /// the child's last error lines.
    public <T> T accept(OneShotServer<T> server, Duration timeout) throws InterruptedException {
        Argument.given(server, "server");
        try (Child.Start _ = Child.Start.begin(process, "", this::printableErrorLines, null,
                sinceNanos)) {
            return server.accept(process, timeout);
        }
    }

    /// Waits for the next line of standard output, each line once.
    ///
    /// @return null if the output has ended
    /// @throws TimedOut if none came within `timeout`
    /// @throws InterruptedException if the thread is interrupted while it waits
    public @Nullable String readLine(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        synchronized (monitor) {
            while (unread.isEmpty() && !hasOutputEnded) {
                long nanos = deadline.remainingNanos();
                if (nanos == 0) {
                    throw new TimedOut(deadline.passed("the child wrote no line") + ", pid="
                            + process.pid());
                }
                TimeUnit.NANOSECONDS.timedWait(monitor, nanos);
            }
            return unread.pollFirst();
        }
    }

    /// The standard output so far. If it is longer than a million characters, the oldest lines are
    /// left out.
    public List<String> lines() {
        synchronized (monitor) {
            return List.copyOf(output);
        }
    }

    /// The error output so far: its first 5 lines and its last 15, and between them a line with the
    /// number of those left out. If the child has ended, waits up to a second for its last lines,
    /// since another process may keep the output open.
    public List<String> errorLines() {
        return errorLines(true);
    }

    /// The same; if it may not wait, the lines that have arrived by now.
    List<String> errorLines(boolean mayWait) {
        if (mayWait) {
            joinIfEnded();
        }
        synchronized (monitor) {
            List<String> lines = new ArrayList<>(firstErrors);
            if (lostErrors > 0) {
                lines.add("... (lines left out: " + lostErrors + ")");
            }
            lines.addAll(lastErrors);
            return List.copyOf(lines);
        }
    }

    /// Forgets the error lines so far, so that later reports on the child have later lines only. A
    /// [dev.ipcchannel.worker.WorkerSet] does so when a worker has finished its last open job. The
    /// lines of a child that has ended are kept, since they may explain its end.
    public void forgetErrorLines() {
        if (!hasErrors || !process.isAlive()) {
            return;
        }
        synchronized (monitor) {
            firstErrors.clear();
            lastErrors.clear();
            lostErrors = 0;
            hasErrors = false;
        }
    }

    /// The child's exit code in words, with its error lines, to be put after a sentence. Control
    /// characters are escaped, and long lines are cut.
    ///
    /// @throws IllegalThreadStateException if it runs
    public String describeEnd() {
        return ExitCode.describe(process.exitValue())
                + PeerAccount.quote(printableErrorLines(true));
    }

    /// The error lines, escaped for display.
    private List<String> printableErrorLines(boolean mayWait) {
        return errorLines(mayWait).stream().map(Printable::of).toList();
    }

    /// Waits for the child to end, and up to two seconds more for the last of its output, which
    /// another process may keep open.
    ///
    /// @return its exit code, 128 + n for a death by signal n
    /// @throws TimedOut if it did not end within `timeout`
    /// @throws InterruptedException if the thread is interrupted while it waits
    public int awaitExit(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        if (!process.waitFor(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            throw new TimedOut(deadline.passed("the child did not end") + ", pid="
                    + process.pid());
        }
        outputReader.join(Duration.ofSeconds(DRAIN_SECONDS));
        errorReader.join(Duration.ofSeconds(DRAIN_SECONDS));
        return process.exitValue();
    }

    /// Kills the child if it still runs, and its children with it.
    @Override
    public void close() {
        if (process.isAlive()) {
            ProcessTree.kill(process);
        }
    }

    @Override
    public String toString() {
        return "ChildOutput[pid=%d, %s]".formatted(process.pid(),
                process.isAlive() ? "running" : ExitCode.describe(process.exitValue()));
    }

    /// Waits for the last lines of a child that has ended: they may still be in the pipe.
    private void joinIfEnded() {
        if (process.isAlive()) {
            return;
        }
        try {
            errorReader.join(Duration.ofSeconds(DRAIN_SECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the lines so far will do
        }
    }

    private interface LineSink {
        void add(String line);
    }

    private static Thread reader(String what, InputStream stream, LineSink sink, Runnable atEnd) {
        Thread thread = new Thread(() -> read(stream, sink, atEnd), "ipc-channel child " + what);
        thread.setDaemon(true);
        return thread;
    }

    private static void read(InputStream stream, LineSink sink, Runnable atEnd) {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            for (int c = reader.read(); c >= 0; c = reader.read()) {
                if (c == '\n' || line.length() == MAX_LINE_CHARS) {
                    // A line without an end must not fill the heap.
                    sink.add(line.toString());
                    line.setLength(0);
                }
                if (c != '\n') {
                    line.append((char) c);
                }
            }
            if (!line.isEmpty()) {
                sink.add(line.toString());
            }
        } catch (IOException _) {
            // The stream was closed: for us it has ended.
        } finally {
            atEnd.run();
        }
    }

    private void addOutput(String line, Consumer<String> sink) {
        synchronized (monitor) {
            output.addLast(line);
            unread.addLast(line);
            // The line break counts, or empty lines would be free.
            outputChars += line.length() + 1;
            while (outputChars > MAX_OUTPUT_CHARS) {
                outputChars -= output.removeFirst().length() + 1;
                if (unread.size() > output.size()) { // the line just dropped was not read
                    unread.removeFirst();
                }
            }
            monitor.notifyAll();
        }
        handOn(line, sink);
    }

    /// Hands a line on. An exception must not end the reading: the child would die of a closed
    /// pipe.
    private static void handOn(String line, Consumer<String> sink) {
        try {
            sink.accept(line);
        } catch (RuntimeException | Error failure) {
            Log.error("a line of a child's output could not be handed on", failure);
        }
    }

    private void endOutput() {
        synchronized (monitor) {
            hasOutputEnded = true;
            monitor.notifyAll();
        }
    }

    private void addError(String line, Consumer<String> sink) {
        synchronized (monitor) {
            hasErrors = true;
            if (firstErrors.size() < FIRST_ERROR_LINES) {
                firstErrors.add(line);
            } else {
                lastErrors.addLast(line);
                if (lastErrors.size() > LAST_ERROR_LINES) {
                    lastErrors.removeFirst();
                    lostErrors++;
                }
            }
        }
        handOn(line, sink);
    }
}
