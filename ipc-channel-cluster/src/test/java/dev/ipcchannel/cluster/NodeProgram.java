package dev.ipcchannel.cluster;

import dev.ipcchannel.TypeToken;
import dev.ipcchannel.worker.WorkerSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A program that is a node of the set `deeds`, to be killed by tests.
final class NodeProgram implements AutoCloseable {

    private final Program program;

    private NodeProgram(Program program) {
        this.program = program;
    }

    /// The settings of most processes of these tests: quick to give up.
    static ClusterOptions options(String url) {
        return TestSettings.QUICK.options(url);
    }

    /// Is a node until it is killed.
    ///
    /// @param arguments a URL, settings, the number of workers, and a file for the id
    public static void main(String[] arguments) throws InterruptedException, IOException {
        try (ClusterNode node = ClusterNode.start(
                TestSettings.parse(arguments[1]).options(arguments[0]), "deeds",
                TypeToken.of(Deed.class), TypeToken.of(String.class),
                WorkerSet.builder(Deed.class, String.class).worker(DeedWorker.class)
                        .workerCount(Integer.parseInt(arguments[2])))) {
            Program.ready(arguments[3], node.id());
            node.awaitEnd();
        }
    }

    /// Starts one, and waits until it takes jobs.
    static NodeProgram start(String url, int workers, Path folder)
            throws IOException, InterruptedException {
        return start(url, TestSettings.QUICK, workers, folder);
    }

    static NodeProgram start(String url, TestSettings settings, int workers, Path folder)
            throws IOException, InterruptedException {
        return new NodeProgram(Program.start(NodeProgram.class, folder,
                List.of(url, settings.argument(), String.valueOf(workers))));
    }

    String id() {
        return program.said();
    }

    /// The processes of its workers.
    List<ProcessHandle> workers() {
        return program.children();
    }

    /// Ends it as `kill -9` does.
    void kill() {
        program.kill();
    }

    void stop() {
        program.stop();
    }

    void goOn() {
        program.goOn();
    }

    @Override
    public void close() {
        program.close();
    }
}
