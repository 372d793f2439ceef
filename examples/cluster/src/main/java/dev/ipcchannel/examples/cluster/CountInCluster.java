package dev.ipcchannel.examples.cluster;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.cluster.ClusterWorkers;
import dev.ipcchannel.examples.cluster.OwnNodes.Node;
import dev.ipcchannel.examples.words.ProgressLine;
import dev.ipcchannel.examples.words.Tally;
import dev.ipcchannel.examples.words.TextFiles;
import dev.ipcchannel.launcher.Command;
import dev.ipcchannel.launcher.StandardOutput;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.apache.commons.cli.ParseException;
import org.jspecify.annotations.Nullable;

/// A program that counts the words of many files, each a job for a node of a cluster, and accounts
/// for every file.
final class CountInCluster {

    private static final int ALL_COUNTED = 0;
    private static final int SOME_NOT_COUNTED = 1;
    private static final int WRONG_USAGE = 2; // or there is nothing to count, or no server
    private static final int CANNOT_RUN = 3;
    private static final int OUTPUT_LOST = 4;

    private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    private final CountOptions options;
    private final Tally tally = new Tally();
    private final NodeShares shares = new NodeShares();
    private List<Node> own = List.of();

    private CountInCluster(CountOptions options) {
        this.options = options;
    }

    /// Runs the program; `--help` explains its arguments and exit codes.
    static int run(String[] args) throws InterruptedException {
        try {
            CountOptions options = CountOptions.parse(args);
            CountInCluster program = new CountInCluster(options);
            int exitCode = options.isHelp() ? program.printHelp() : program.run();
            if (program.out.checkError()) {
                return StandardOutput.lost("cluster", OUTPUT_LOST);
            }
            return exitCode;
        } catch (ParseException wrongUsage) {
            return fail(WRONG_USAGE, String.valueOf(wrongUsage.getMessage()));
        } catch (IOException failure) {
            return fail(WRONG_USAGE, "a folder cannot be used: " + failure.getMessage());
        } catch (IpcException failure) {
            return fail(CANNOT_RUN, String.valueOf(failure.getMessage()));
        }
    }

    private int printHelp() {
        out.println(CountOptions.help());
        return ALL_COUNTED;
    }

    private int run() throws IOException, InterruptedException {
        TextFiles search = new TextFiles(tally);
        for (Path folder : options.folders()) {
            search.addFrom(folder);
        }
        SortedSet<String> files = search.files();
        int found = files.size() + tally.settled();
        if (found == 0) {
            return fail(WRONG_USAGE,
                    "there is no *.java, *.md or *.txt file in these folders: folders="
                            + options.folders() + ": name another one");
        }
        Optional<Path> program = OwnServer.program();
        if (options.url().isEmpty() && program.isEmpty()) {
            return fail(WRONG_USAGE, "no nats-server was found in NATS_SERVER, on the PATH, in"
                    + " /usr/sbin and /usr/local/bin: install it (package nats-server, say)");
        }
        ClusterCount course = options.url().isPresent() ? ask(files, found, options.url().get())
                : askOwn(files, found, program.orElseThrow());
        print(found, course);
        tally.failures().forEach((path, reason) -> fail(0, path + " is not counted: " + reason));
        return tally.failures().isEmpty() ? ALL_COUNTED : SOME_NOT_COUNTED;
    }

    private ClusterCount askOwn(SortedSet<String> files, int found, Path program)
            throws IOException, InterruptedException {
        try (OwnCluster cluster = OwnCluster.start(program, options)) {
            ClusterCount course = count(files, found, cluster.url(), cluster.nodes());
            own = cluster.nodes().all().toList();
            return course;
        }
    }

    private ClusterCount ask(SortedSet<String> files, int found, String url)
            throws InterruptedException {
        return count(files, found, url, null);
    }

    private ClusterCount count(SortedSet<String> files, int found, String url,
            @Nullable OwnNodes nodes) throws InterruptedException {
        try (ClusterWorkers<CountText, TextCount> workers = ClusterWorkers.connect(
                options.shared().at(url), options.shared().set(), Shared.JOBS, Shared.ANSWERS);
                ProgressLine progress = ProgressLine.of(found, out)) {
            ClusterCount course =
                    new ClusterCount(files, options, nodes, tally, shares, progress);
            course.run(workers);
            return course;
        }
    }

    private void print(int found, ClusterCount course) {
        tally.printWords(out);
        for (Node node : own) {
            out.printf("Node %d, process %d: %d files counted%s%n", node.number(), node.pid(),
                    shares.of(node.pid()), node.isKilled() ? ", killed" : "");
        }
        if (own.isEmpty()) {
            shares.all().forEach((node, files) -> out.printf("Node %s: %d files counted%n", node,
                    files));
        }
        out.printf("Jobs: %d done, %d failed, %d given once more, %d nodes killed%n",
                tally.counted(), tally.failures().size(), course.givenAgain(), course.killed());
        tally.printFiles(found, out);
    }

    private static int fail(int exitCode, String sentence) {
        System.err.println(Command.name("cluster") + ": " + sentence);
        return exitCode;
    }
}
