package dev.ipcchannel.transport;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.process.ExitCode;
import dev.ipcchannel.internal.process.ProcessEnd;
import dev.ipcchannel.internal.rendezvous.Child;
import dev.ipcchannel.internal.wire.PeerAccount;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A child that a [Transport.Listener] waits for, as the one knows it that has started it. Any
/// thread may use it.
///
/// [dev.ipcchannel.child.ChildJvm] makes one for each start. For a process that was started in
/// another way there is the constructor.
public final class AwaitedChild {

    private final Process process;
    private final String commandLine;
    private final Function<Boolean, ChildReport> reports;
    private final Function<Boolean, List<String>> errorLines;
    private final CompletableFuture<Process> end;
    private final long sinceNanos = System.nanoTime();
    private volatile @Nullable Lifeline lifeline; // by the thread that accepts, as the next
    private volatile @Nullable String turnedAway;

    /// A process of which nothing more is known.
    ///
    /// @param commandLine what it runs, in one line, for messages
    public AwaitedChild(Process process, String commandLine) {
        this.process = Argument.given(process, "process");
        this.commandLine = Printable.of(Argument.given(commandLine, "commandLine"));
        this.reports = _ -> plainReport();
        this.errorLines = _ -> List.of();
        this.end = ProcessEnd.of(process);
    }

    /// A process of which its starter can tell more.
    ///
    /// @param reports what is known of it now; with `true`, it may wait a moment for the last words
    /// of one that has just ended
    /// @param errorLines the last lines of its error output, of which the same is true
    /// @param end completes with it
    AwaitedChild(Process process, String commandLine, Function<Boolean, ChildReport> reports,
            Function<Boolean, List<String>> errorLines, CompletableFuture<Process> end) {
        this.process = process;
        this.commandLine = commandLine;
        this.reports = reports;
        this.errorLines = errorLines;
        this.end = end;
    }

    private ChildReport plainReport() {
        return new ChildReport(process.pid(), Duration.ofNanos(System.nanoTime() - sinceNanos),
                process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue()),
                List.of(), null, "");
    }

    /// The process itself, or the first of a few that start each other.
    public Process process() {
        return process;
    }

    /// What it runs, as its starter has said it, in one line.
    public String commandLine() {
        return commandLine;
    }

    /// Completes when it has ended.
    public CompletableFuture<Process> onExit() {
        return end.copy();
    }

    /// What is known of it now. Of one that has just ended, waits up to a second for its last
    /// words.
    public ChildReport report() {
        return report(true);
    }

    ChildReport report(boolean mayWait) {
        return reports.apply(mayWait);
    }

    /// Notes that a process has connected that is not taken for the child, and why: if the child
    /// does not come, that is said as well.
    public void turnedAway(String reason) {
        turnedAway = Printable.of(Argument.given(reason, "reason"));
    }

    /// Why the last process that has connected was turned away; null if none was.
    @Nullable
    String lastTurnedAway() {
        return turnedAway;
    }

    /// A wait of one of the library's listeners for a child.
    interface Wait<T> {

        T of(Child child) throws InterruptedException;
    }

    /// Has a listener wait for it, and notes what that finds out about it.
    <T> T await(Child.Terms terms, Wait<T> wait) throws InterruptedException {
        try (Child.Start start = Child.Start.begin(process, commandLine, this::errorLines, terms,
                sinceNanos)) {
            try {
                T accepted = wait.of(Child.of(process));
                lifeline = start.lifeline();
                return accepted;
            } finally {
                String reason = start.lastRejection();
                if (reason != null) {
                    turnedAway(reason);
                }
            }
        }
    }

    /// That by which it has got through; null until then, and where it has none.
    @Nullable
    Lifeline lifeline() {
        return lifeline;
    }

    /// Which one it is, in a sentence: `child=app.Prices, pid=4711`.
    String shown() {
        return PeerAccount.shown(commandLine, process.pid());
    }

    /// Its error lines as they may be shown.
    List<String> errorLines(boolean mayWait) {
        return errorLines.apply(mayWait).stream().map(Printable::of).toList();
    }

    /// Whether it has ended, or does so before the deadline. An interrupt ends the wait, and stays
    /// set.
    boolean hasEnded(Deadline deadline) {
        try {
            return process.waitFor(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) { // the caller's to see; the exit code is only an extra
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    /// How it has ended, with its error lines, to be put after a comma.
    String describeEnd(boolean mayWait) {
        return ExitCode.describe(process.exitValue()) + PeerAccount.quote(errorLines(mayWait));
    }

    @Override
    public String toString() {
        return "AwaitedChild[%s]".formatted(shown());
    }
}
