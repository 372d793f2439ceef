package dev.ipcchannel.examples.broadcast;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.launcher.Command;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.cli.ParseException;

/// The choice among the programs that broadcast by a name. Each has its own class.
public final class Broadcast {

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private Broadcast() {}

    /// Runs the program; `--help` explains its arguments and exit codes.
    ///
    /// @throws InterruptedException never: no thread interrupts the main thread
    public static void main(String[] args) throws InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try {
            BroadcastArguments arguments = BroadcastArguments.parse(args);
            if (arguments.isHelp()) {
                out.println(BroadcastArguments.help());
            } else {
                run(arguments, out);
            }
        } catch (ParseException wrongUsage) {
            fail(WRONG_USAGE, wrongUsage);
        } catch (IpcException failure) {
            fail(FAILED, failure);
        }
    }

    private static void run(BroadcastArguments arguments, PrintStream out)
            throws InterruptedException {
        switch (arguments.program()) {
            case HELLO_SENDER -> HelloWorld.send(out);
            case HELLO_RECEIVER -> HelloWorld.receive(out);
            case SEND -> Convenience.send();
            case RECEIVE -> Convenience.receive(arguments.patience(), out);
            case PRODUCER -> ProducerConsumer.produce(arguments.pause());
            case CONSUMER -> ProducerConsumer.consume(arguments.patience(), out);
            case BROADCASTER -> Broadcasting.send(out);
            case RECEIVER -> Broadcasting.receive(arguments.id(), out);
            case ERRORS -> ErrorHandling.run(arguments.type(), arguments.isStrict(), out);
            case NON_BLOCKING -> NonBlocking.run(out);
            case SELF_TEST -> SelfTest.run(arguments.pause(), arguments.patience(), out);
        }
    }

    private static void fail(int exitCode, Exception failure) {
        System.err.println(Command.name("broadcast") + ": " + failure.getMessage());
        System.exit(exitCode);
    }
}
