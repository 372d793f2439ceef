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

/// A child that a [Transport.Listener] waits for, as known to the code that has started it. Any
/// thread may use it.
///
/// [dev.ipcchannel.child.ChildJvm] makes one for each start. The constructor is for a process that
/// was started in another way.
public final class AwaitedChild {

    private final Process process;
    private final String commandLine;
    private final Function<Boolean, ChildReport> reports;
    private final Function<Boolean, List<String>> errorLines;
    private final CompletableFuture<Process> end;
    private final long sinceNanos = System.nanoTime();
    private volatile @Nullable Lifeline lifeline; // set by the accepting thread, as the next field
    private volatile @Nullable String turnedAway;

    /// An awaited child of which only the process is known.
    ///
    /// @param commandLine the program that it runs, in one line, for error texts
    public AwaitedChild(Process process, String commandLine) {
        this.process = Argument.given(process, "process");
        this.commandLine = Printable.of(Argument.given(commandLine, "commandLine"));
        this.reports = _ -> plainReport();
        this.errorLines = _ -> List.of();
        this.end = ProcessEnd.of(process);
    }

    /// An awaited child of which the starting code knows more.
    ///
    /// @param reports gives the present report; with `true`, it may wait a moment for the last
    /// lines of a child that has just ended
    /// @param errorLines gives the last lines of its error output, with the same parameter
    /// @param end completes when the child has ended
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

    /// The process of the child, or the first process of a chain of wrappers.
    public Process process() {
        return process;
    }

    /// The program that the child runs, as the starting code gave it, in one line.
    public String commandLine() {
        return commandLine;
    }

    /// A future that completes when the child has ended.
    public CompletableFuture<Process> onExit() {
        return end.copy();
    }

    /// The facts known of the child now. If it has just ended, waits up to a second for its last
    /// lines.
    public ChildReport report() {
        return report(true);
    }

    ChildReport report(boolean mayWait) {
        return reports.apply(mayWait);
    }

    /// Notes that a process has connected and was not accepted as the child, and the reason. If the
    /// child does not connect, the failure has that reason as well.
    public void turnedAway(String reason) {
        turnedAway = Printable.of(Argument.given(reason, "reason"));
    }

    /// The reason why the last process that connected was turned away; null if none was.
    @Nullable
    String lastTurnedAway() {
        return turnedAway;
    }

    /// A wait of a listener of the library for a child.
    interface Wait<T> {

        T of(Child child) throws InterruptedException;
    }

    /// Has a listener wait for the child, and notes the lifeline or the rejection that this results
    /// in.
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

    /// The lifeline of the accepted child; null before, and if it has none.
    @Nullable
    Lifeline lifeline() {
        return lifeline;
    }

    /// The child in an error text: `child=app.Prices, pid=4711`.
    String shown() {
        return PeerAccount.shown(commandLine, process.pid());
    }

    /// Its error lines, escaped for display.
    List<String> errorLines(boolean mayWait) {
        return errorLines.apply(mayWait).stream().map(Printable::of).toList();
    }

    /// Whether the child has ended, or ends before the deadline. An interrupt ends the wait, and
    /// the flag is set again.
    boolean hasEnded(Deadline deadline) {
        try {
            return process.waitFor(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) { // for the caller; the exit code is only an extra
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    /// The exit code in words, with its error lines, to be put after a comma.
    String describeEnd(boolean mayWait) {
        return ExitCode.describe(process.exitValue()) + PeerAccount.quote(errorLines(mayWait));
    }

    @Override
    public String toString() {
        return "AwaitedChild[%s]".formatted(shown());
    }
}
