package dev.ipcchannel.demo.child;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.Sender;
import dev.ipcchannel.SystemCallFailed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.UnsupportedPlatform;
import dev.ipcchannel.launcher.Command;
import dev.ipcchannel.launcher.StandardOutput;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.cli.ParseException;
import org.jspecify.annotations.Nullable;

/// The child's program: it answers its parent until the parent sends "quit", in six steps.
public final class ChildApp {

    private static final String QUIT = "quit";
    private static final int OUTPUT_LOST = 7;

    // the parent reads UTF-8 in every locale
    private static final PrintStream OUT =
            new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private ChildApp() {}

    /// Runs the program; `--help` explains its arguments and exit codes.
    ///
    /// @throws InterruptedException never: no thread interrupts the main thread
    public static void main(String[] args) throws InterruptedException {
        try {
            // 1. Find the name of the parent's server among the arguments.
            ChildOptions options = ChildOptions.parse(args, System.getenv());
            if (options.notice() != null) {
                OUT.println(options.notice());
            } else {
                run(options);
            }
            checkOutput();
        } catch (ParseException | IllegalArgumentException wrongUsage) {
            exit(2, printable(String.valueOf(wrongUsage.getMessage())));
        } catch (Disconnected gone) {
            exit(5, "the parent is gone: " + gone.getMessage());
        } catch (IpcException failure) {
            exit(exitCode(failure), failure.getMessage());
        }
    }

    private static void run(ChildOptions options) throws InterruptedException {
        OUT.println("Child process started");
        OUT.println("One Shot Server name: " + options.channelName());

        // 2. Make two channels: one for the parent's messages, one for the answers.
        try (Channel<String> requests = Channel.create(String.class);
                Channel<String> replies = Channel.create(String.class)) {

            // 3. Connect to the parent's server.
            try (Sender<Ends> parent = OneShotServer.connect(options.channelName(), Ends.class)) {

                // 4. Send the parent its ends. They move: in this process they are used up.
                parent.send(new Ends(requests.sender(), replies.receiver()));
            }

            answer(requests.receiver(), replies.sender(), options.isQuiet());
            OUT.println("Child process exiting.");
        }
        OUT.println("Child process finished.");
    }

    private static void answer(Receiver<String> requests, Sender<String> replies, boolean isQuiet)
            throws InterruptedException {
        // 5. Answer each message ...
        while (true) {
            String request = requests.receive();
            if (!isQuiet) {
                OUT.println("Received from parent: " + printable(request));
            }
            if (request.equals(QUIT)) {
                return; // ... 6. until the parent says "quit".
            }
            replies.send("Child received: " + request);
        }
    }

    /// The text without the control characters that a terminal would obey.
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i)) && text.charAt(i) != '\t') {
                printable.setCharAt(i, '\ufffd');
            }
        }
        return printable.toString();
    }

    private static void checkOutput() {
        if (OUT.checkError()) {
            System.exit(StandardOutput.lost("child-app", OUTPUT_LOST));
        }
    }

    /// The codes are those that `--help` explains.
    private static int exitCode(IpcException failure) {
        return switch (failure) {
            case UnsupportedPlatform _ -> 2;
            case ResourceExhausted _ -> 2;
            case SystemCallFailed _ -> 2;
            case TimedOut _ -> 4;
            default -> 6;
        };
    }

    private static void exit(int code, @Nullable String sentence) {
        System.err.println(Command.name("child-app") + ": " + sentence);
        System.exit(code);
    }
}
