package dev.ipcchannel.testing.children;

import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.child.Output;
import java.nio.file.Path;
import java.time.Duration;

/// A parent that starts children with each of the destinations of output, and prints what it has
/// captured. Its argument is the file of one destination.
public final class PrintingParent {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private PrintingParent() {}

    public static void main(String[] arguments) throws InterruptedException {
        print("inherited", Output.inherit());
        print("captured", Output.capture());
        print("teed", Output.tee("child> "));
        print("filed", Output.toFile(Path.of(arguments[0])));
        print("filed as well", Output.toFile(Path.of(arguments[0])));
    }

    private static void print(String word, Output where) throws InterruptedException {
        String script = "echo " + word + "; printf '" + word + " error' >&2; exit 3";
        try (ChildProcess child = ChildJvm.ofCommand("sh", "-c", script)
                .output(where).errors(where).start()) {
            int code = child.awaitExit(PATIENCE);
            System.out.println("seen of " + word + ": " + child.output().lines() + " "
                    + child.output().errorLines() + " " + child.report().errorLines() + " " + code);
        }
    }
}
