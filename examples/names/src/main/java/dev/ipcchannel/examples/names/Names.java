package dev.ipcchannel.examples.names;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.launcher.Command;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.cli.ParseException;

/// The choice among four programs that connect by a name. Each has its own class.
public final class Names {

    private static final int NOT_SENT = 1; // or the name cannot be opened
    private static final int WRONG_USAGE = 2;

    private Names() {}

    /// Runs the program; `--help` explains its arguments and exit codes.
    ///
    /// @throws InterruptedException never: no thread interrupts the main thread
    public static void main(String[] args) throws InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try {
            NamesOptions options = NamesOptions.parse(args);
            if (options.isHelp()) {
                out.println(NamesOptions.help());
            } else if (!isDone(options, out)) {
                System.exit(NOT_SENT);
            }
        } catch (ParseException wrongUsage) {
            fail(WRONG_USAGE, wrongUsage);
        } catch (IpcException failure) {
            fail(NOT_SENT, failure);
        }
    }

    private static boolean isDone(NamesOptions options, PrintStream out)
            throws InterruptedException {
        switch (options.program()) {
            case NamesOptions.RECEIVER -> BasicReceiver.run(out);
            case NamesOptions.SENDER -> BasicSender.run(out);
            case NamesOptions.EVENT_RECEIVER -> EventReceiver.run(out);
            default -> {
                return EventSender.run(options.pause(), out);
            }
        }
        return true;
    }

    private static void fail(int exitCode, Exception failure) {
        System.err.println(Command.name("names") + ": " + failure.getMessage());
        System.exit(exitCode);
    }
}
