package dev.ipcchannel.examples.plugins;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.ChildReport;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.Output;
import dev.ipcchannel.transport.Transport;
import dev.ipcchannel.worker.TimeoutAction;
import dev.ipcchannel.worker.WorkerSet;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A host that runs harmful plugins, each between two runs of one that works, and prints a line for
/// each.
public final class PluginHost {

    private static final String PACKAGE = "dev.ipcchannel.examples.plugins.samples.";

    // The time limit is for plugins that never end, so only such a plugin has a short one. The
    // limit of the others is long enough for a busy machine.
    private static final Duration LITTLE = Duration.ofSeconds(2);
    private static final Duration ENOUGH = Duration.ofMinutes(1);
    private static final Trial GOOD = new Trial("Greeter", ENOUGH);
    private static final List<Trial> BAD = List.of(new Trial("Quitter", ENOUGH),
            new Trial("Looper", LITTLE), new Trial("Hoarder", ENOUGH),
            new Trial("Crasher", ENOUGH), new Trial("Flooder", ENOUGH));

    // Two, so that one is ready for the next plugin while the other is replaced.
    private static final int WORKERS = 2;
    private static final long HEAP = 32 << 20;
    private static final int LONGEST = 1 << 20;
    private static final int SIGNALS = 128; // an exit code above it says a signal
    private static final Pattern CRASH = Pattern.compile("#\\s+(SIG[A-Z]+) .*"); // what a JVM says

    private final WorkerSet<RunPlugin, String> workers;

    /// A plugin with its time limit.
    private record Trial(String plugin, Duration timeLimit) {}

    private PluginHost(WorkerSet<RunPlugin, String> workers) {
        this.workers = workers;
    }

    /// Runs the program. It ends with 0, with 1 if there are no workers, and with 2 if it has
    /// arguments.
    ///
    /// @throws InterruptedException never: no thread interrupts the main thread
    public static void main(String[] args) throws InterruptedException {
        if (args.length == 1 && args[0].matches("-h|--help")) {
            System.out.println("Runs plugins that do the worst, each between two runs of one that"
                    + " works. It takes no arguments.");
            return;
        }
        if (args.length > 0) {
            fail(2, "this program takes no arguments: arguments=" + args.length
                    + ": leave them out");
        }
        // 1. Start the workers. The memory of a plugin in its worker is limited.
        try (WorkerSet<RunPlugin, String> workers =
                WorkerSet.builder(RunPlugin.class, String.class)
                        .worker(worker())
                        .workerCount(WORKERS)
                        .start()) {
            new PluginHost(workers).runAll();
        } catch (IpcException failure) {
            fail(1, String.valueOf(failure.getMessage()));
        }
    }

    private static ChildJvm worker() {
        return ChildJvm.of(PluginWorker.class)
                .heap(HEAP)
                .shortLived()
                // This limits the heap that an answer takes in this JVM.
                .transport(Transport.shm(ChannelOptions.defaults().withMaxMessage(LONGEST)))
                // A crashing JVM prints its report here, and leaves no file.
                .jvmOptions("-XX:+ErrorFileToStderr")
                // Output is kept up to a limit, and not shown.
                .output(Output.capture())
                .errors(Output.capture());
    }

    private void runAll() throws InterruptedException {
        run(GOOD);
        for (Trial trial : BAD) {
            run(trial);
            run(GOOD);
        }
        System.out.printf("The host is fine: %d plugins have run, and %d workers were replaced.%n",
                1 + 2 * BAD.size(), workers.stats().restarts());
    }

    /// 2. Runs one plugin, and prints its outcome, which is one of four.
    private void run(Trial trial) throws InterruptedException {
        String plugin = trial.plugin();
        RunPlugin job = new RunPlugin(PACKAGE + plugin, "host");
        try {
            say(plugin, "answered: "
                    + workers.call(job, trial.timeLimit(), TimeoutAction.RESTART));
        } catch (CallFailed thrown) {
            say(plugin, "CallFailed: it has thrown %s: %s".formatted(thrown.remoteType(),
                    thrown.remoteMessage()));
        } catch (TimedOut _) {
            say(plugin, "TimedOut: it had not answered after %d s, so its process was killed"
                    .formatted(trial.timeLimit().toSeconds()));
        } catch (WorkerDied died) {
            say(plugin, "WorkerDied: " + words(died.report()));
        }
    }

    private static String words(@Nullable ChildReport report) {
        if (report == null || report.exitCode().isEmpty()) {
            return "there is no process for it any more";
        }
        int code = report.exitCode().getAsInt();
        String end = code > SIGNALS ? "signal " + (code - SIGNALS) : "exit code " + code;
        return report.errorLines().stream().map(CRASH::matcher).filter(Matcher::matches)
                .map(crash -> "it has crashed its process: " + crash.group(1) + ", " + end)
                .findFirst().orElse("it has ended its process: " + end);
    }

    private static void say(String plugin, String sentence) {
        System.out.println(plugin + ": " + sentence);
    }

    private static void fail(int exitCode, String sentence) {
        System.err.println("plugins: " + sentence);
        System.exit(exitCode);
    }
}
