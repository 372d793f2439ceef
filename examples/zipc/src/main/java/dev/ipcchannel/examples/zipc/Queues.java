package dev.ipcchannel.examples.zipc;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.launcher.Command;
import dev.ipcchannel.zipc.Zipc;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// The choice among the programs that share a zipc queue. Each has its own class.
public final class Queues {

    /// The queue of all programs except [OneProcess].
    static final String NAME = "/my-zipc-path";

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    private static final String PROGRAMS =
            "sender, receiver, poll-sender, poll-receiver, one-process, unlink";

    private Queues() {}

    /// Runs the program that the one argument names.
    ///
    /// @throws InterruptedException never: no thread interrupts the main thread
    public static void main(String[] args) throws InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (args.length != 1) {
            fail(WRONG_USAGE, "one program is to be named: arguments=%d: the programs are %s"
                    .formatted(args.length, PROGRAMS));
        }
        try {
            run(args[0], out);
        } catch (IpcException failure) {
            fail(FAILED, String.valueOf(failure.getMessage()));
        }
    }

    private static void run(String program, PrintStream out) throws InterruptedException {
        switch (program) {
            case "sender" -> Waiting.send();
            case "receiver" -> Waiting.receive(out);
            case "poll-sender" -> Polling.send();
            case "poll-receiver" -> Polling.receive(out);
            case "one-process" -> OneProcess.run(out);
            case "unlink" -> Zipc.unlink(NAME);
            default -> fail(WRONG_USAGE, "there is no program %s: the programs are %s"
                    .formatted(Command.shown(program), PROGRAMS));
        }
    }

    private static void fail(int exitCode, String sentence) {
        System.err.println(Command.name("zipc") + ": " + sentence);
        System.exit(exitCode);
    }
}
