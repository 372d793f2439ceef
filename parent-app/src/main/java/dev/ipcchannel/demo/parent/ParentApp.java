package dev.ipcchannel.demo.parent;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.child.ChildOutput;
import dev.ipcchannel.demo.child.ChildApp;
import dev.ipcchannel.launcher.Command;
import dev.ipcchannel.launcher.StandardOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.ParseException;

/// The parent's program: it starts a child JVM and talks to it, in seven steps.
public final class ParentApp {

    private static final String QUIT = "quit";
    private static final int FIRST_LINES = 2; // what the child prints before it connects
    private static final int LAST_LINES = 2; // and after "quit"

    private static final Output OUT = new Output();

    private final ParentOptions options;
    private final Reporter reporter;
    private final Duration timeout;

    private ParentApp(ParentOptions options) {
        this.options = options;
        this.reporter = options.isJson() ? new JsonReporter(OUT) : new TextReporter(OUT);
        this.timeout = options.timeout();
    }

    /// Runs the program; `--help` explains its arguments and exit codes.
    ///
    /// @throws InterruptedException never: no other thread interrupts the main thread
    public static void main(String[] args) throws InterruptedException {
        if (args.length > 0 && args[0].equals(ChildCommand.AS_CHILD)) {
            ChildApp.main(Arrays.copyOfRange(args, 1, args.length));
            return;
        }
        System.exit(run(args));
    }

    private static int run(String[] args) throws InterruptedException {
        try {
            ParentOptions options = ParentOptions.parse(args);
            if (options.notice() != null) {
                OUT.println(options.notice());
                return ExitCode.DONE;
            }
            return new ParentApp(options).run();
        } catch (ParseException wrongUsage) {
            complain(Printable.of(String.valueOf(wrongUsage.getMessage())));
            return ExitCode.WRONG_USAGE;
        } catch (Output.Lost _) {
            return StandardOutput.lost("parent-app", ExitCode.OUTPUT_LOST);
        }
    }

    private int run() throws InterruptedException {
        try {
            reporter.report(new Event.ParentStarted());
            return options.isSpawning() ? runWithChild() : runWithChildStartedByHand();
        } catch (IOException noStart) {
            return fail(ExitCode.CHILD_FAILED, String.valueOf(noStart.getMessage()));
        } catch (Disconnected gone) {
            return fail(ExitCode.PEER_LOST, "the child is gone: " + gone.getMessage());
        } catch (TimedOut late) {
            return fail(ExitCode.TIMEOUT,
                    "a time limit passed, which --timeout can raise: " + late.getMessage());
        } catch (IpcException failure) {
            return fail(ExitCode.of(failure), String.valueOf(failure.getMessage()));
        }
    }

    /// When this returns or throws, the child has ended: closing its output kills it.
    private int runWithChild() throws IOException, InterruptedException {
        try (OneShotServer<Ends> server = openServer(); // 1. Open a one-shot server.
                ChildOutput child = startChild(server.name()); // 2. Start a child 3. with the name.
                Ends ends = child.accept(server, timeout)) { // 4. Accept the ends that it sends.
            showFirstLines(child);
            talk(ends); // 5. Send messages, wait for each reply.
            ends.requests().send(QUIT, timeout); // 6. Say "quit".
            return awaitEnd(child); // 7. Wait for the child's end, and print what it wrote.
        }
    }

    private OneShotServer<Ends> openServer() {
        OneShotServer<Ends> server = OneShotServer.open(Ends.class);
        reporter.report(new Event.ServerOpened(server.name()));
        return server;
    }

    private ChildOutput startChild(String serverName) throws IOException {
        Process child = options.child().start(serverName);
        reporter.report(new Event.ChildStarted(child.pid()));
        return ChildOutput.capture(child);
    }

    private void showFirstLines(ChildOutput child) throws InterruptedException {
        for (int i = 0; i < FIRST_LINES; i++) {
            String line = child.readLine(timeout);
            if (line != null) {
                reporter.report(new Event.ChildSaid(line));
            }
        }
    }

    private void talk(Ends ends) throws InterruptedException {
        if (options.isInteractive()) {
            new TypedLines(ends, reporter, timeout).run();
            return;
        }
        if (options.count() > 0) {
            stream(ends);
            return;
        }
        for (String message : options.messages()) {
            ends.requests().send(message, timeout);
            reporter.report(new Event.Replied(ends.replies().receive(timeout)));
        }
    }

    private void stream(Ends ends) throws InterruptedException {
        Event.Streamed streamed;
        try (ProgressLine progress = new ProgressLine()) {
            streamed = new Streaming(ends, timeout, progress).run(options.count(),
                    options.size());
        }
        reporter.report(streamed);
    }

    private int awaitEnd(ChildOutput child) throws InterruptedException {
        int exitCode = child.awaitExit(timeout);
        List<String> lines = child.lines();
        for (int i = Math.max(FIRST_LINES, lines.size() - LAST_LINES); i < lines.size(); i++) {
            reporter.report(new Event.ChildSaid(lines.get(i)));
        }
        reporter.report(new Event.ChildEnded(exitCode, lines));
        return exitCode == 0 ? ExitCode.DONE
                : fail(ExitCode.PEER_LOST,
                        "the child ended with an error: " + child.describeEnd());
    }

    private int runWithChildStartedByHand() throws IOException, InterruptedException {
        try (OneShotServer<Ends> server = openServer(); Ends ends = acceptAnybody(server)) {
            talk(ends);
            ends.requests().send(QUIT, timeout);
            return ExitCode.DONE;
        }
    }

    private Ends acceptAnybody(OneShotServer<Ends> server)
            throws IOException, InterruptedException {
        String command = options.child().shellCommand(server.name());
        reporter.report(new Event.ChildAwaited(command, timeout.toMillis() / 1e3));
        return server.accept(timeout);
    }

    private int fail(int exitCode, String sentence) {
        complain(sentence);
        reporter.report(new Event.Failed(exitCode, sentence));
        return exitCode;
    }

    private static void complain(String sentence) {
        System.err.println(Command.name("parent-app") + ": " + sentence);
    }
}
