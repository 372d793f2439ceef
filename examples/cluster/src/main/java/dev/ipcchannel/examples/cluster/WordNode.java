package dev.ipcchannel.examples.cluster;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.Link;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.cluster.ClusterNode;
import dev.ipcchannel.launcher.Command;
import dev.ipcchannel.worker.WorkerSet;
import dev.ipcchannel.worker.WorkerSetBuilder;
import org.apache.commons.cli.ParseException;

/// A node whose workers count words. It prints a line each few seconds, and drains when it is asked
/// to end.
final class WordNode {

    private static final int WRONG_USAGE = 2;
    private static final int CANNOT_SERVE = 3;
    private static final long HEAP = 256 << 20;

    private WordNode() {}

    /// Runs the program; `--help` explains its arguments and exit codes. As a child of
    /// [CountInCluster] it reports to it when it is ready, and ends with it.
    ///
    /// @throws InterruptedException never: no other thread interrupts the main thread
    public static void main(String[] args) throws InterruptedException {
        try {
            NodeOptions options = NodeOptions.parse(args);
            if (options.isHelp()) {
                System.out.println(NodeOptions.help());
            } else if (ChildJvm.isChild()) {
                try (Link<String, String> demo = ChildJvm.parent(String.class, String.class);
                        ClusterNode node = start(options)) {
                    demo.send(node.id());
                    node.serve(options.patience(), System.out::println);
                }
            } else {
                start(options).serve(options.patience(), System.out::println);
            }
        } catch (ParseException wrongUsage) {
            fail(WRONG_USAGE, wrongUsage);
        } catch (IpcException failure) {
            fail(CANNOT_SERVE, failure);
        }
    }

    private static ClusterNode start(NodeOptions options) throws InterruptedException {
        WorkerSetBuilder<CountText, TextCount> workers =
                WorkerSet.builder(CountText.class, TextCount.class)
                        .worker(ChildJvm.of(TextWorker.class).heap(HEAP)
                                .arguments(String.valueOf(options.pauseMillis())))
                        .workerCount(options.workers());
        return ClusterNode.start(options.shared().at(options.url()), options.shared().set(),
                Shared.JOBS, Shared.ANSWERS, workers);
    }

    private static void fail(int exitCode, Exception failure) {
        System.err.println(Command.name("node") + ": " + failure.getMessage());
        System.exit(exitCode);
    }
}
