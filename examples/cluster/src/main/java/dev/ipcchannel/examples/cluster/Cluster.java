package dev.ipcchannel.examples.cluster;

import dev.ipcchannel.launcher.Command;
import java.util.Arrays;

/// The choice between the two programs. Each has its own class.
public final class Cluster {

    private static final int WRONG_USAGE = 2;

    private Cluster() {}

    /// Runs the program that the first argument names; `--help` after it explains the others.
    ///
    /// @throws InterruptedException never: no thread interrupts the main thread
    public static void main(String[] args) throws InterruptedException {
        String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
        switch (args.length == 0 ? "" : args[0]) {
            case "node" -> WordNode.main(rest);
            case "count" -> System.exit(CountInCluster.run(rest));
            default -> {
                System.err.println(Command.name("cluster")
                        + ": the name of a program is needed first: node or count");
                System.exit(WRONG_USAGE);
            }
        }
    }
}
