package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.worker.WorkerSet;
import dev.ipcchannel.worker.WorkerSnapshot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The main class of a process that has just started, and whose children read files that are there,
/// one a job, until each was read.
///
/// ```text
///   > ready                                (the children are)
///   < digest
///   > digests HEX nanos=…                  (of all digests, in the order of the files)
///   > usage jobs=… nanos=… …
///   > closed                               (the children have ended)
/// ```
public final class DigestHost {

    /// Files that lie in one folder.
    public static final int A_FOLDER = 1000;

    private static final int IN_FLIGHT = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(20); // one may write an archive
    private static final List<String> CHILD_HEAP = List.of("-Xms64m", "-Xmx64m");

    private final MessageDigest digest = FileDigest.sha256(); // of all answers
    private final Path folder;
    private final int count;

    private DigestHost(Path folder, int count) {
        this.folder = folder;
        this.count = count;
    }

    /// Gives a job to a child.
    private interface Sender {

        /// Gives it, without waiting for its answer.
        CompletableFuture<String> send(String path) throws InterruptedException;
    }

    /// Starts the children, and has the files read once.
    ///
    /// @param arguments the way to the children (`set`, `map` or `json`), how many there are, the
    ///        folder, and how many files are in it
    public static void main(String[] arguments) throws Exception {
        DigestHost host =
                new DigestHost(Path.of(arguments[2]), Integer.parseInt(arguments[3]));
        int children = Integer.parseInt(arguments[1]);
        switch (arguments[0]) {
            case "set" -> host.runSet(children, false);
            case "map" -> host.runSet(children, true);
            case "json" -> host.runJson(children);
            default -> throw new IllegalArgumentException("no such way: " + arguments[0]);
        }
        System.out.println("closed");
    }

    private void runSet(int workers, boolean isMapped) throws Exception {
        try (WorkerSet<String, String> set = WorkerSet.builder(String.class, String.class)
                .worker(ChildJvm.of(DigestWorker.class).grace(GRACE)
                        .jvmOptions(CHILD_HEAP.toArray(String[]::new)))
                .workerCount(workers).start()) {
            if (!set.awaitReady(PATIENCE)) {
                throw new IllegalStateException("not all workers have started: " + set.stats());
            }
            measure(set.workers().stream().map(WorkerSnapshot::pid).toList(),
                    isMapped ? () -> map(set) : () -> send(set::send));
        }
    }

    private void runJson(int count) throws Exception {
        List<JsonChild<String, String>> children = new ArrayList<>();
        for (int child = 0; child < count; child++) {
            children.add(JsonChild.start(JsonDigestWorker.class, CHILD_HEAP,
                    JsonDigestWorker.Job::new, JsonDigestWorker.Answer.class));
        }
        int[] next = {0};
        measure(children.stream().map(JsonChild::pid).toList(),
                () -> send(path -> children.get(next[0]++ % count).send(path)));
        children.forEach(JsonChild::close);
    }

    /// A way to have all files read.
    private interface Run {

        /// Has them read.
        void run() throws InterruptedException;
    }

    private void measure(List<Long> children, Run run) throws Exception {
        System.out.println("ready");
        if (System.in.read() < 0) {
            return; // the benchmark has ended
        }
        Meter meter = Meter.start(Stream.concat(Stream.of(ProcessHandle.current().pid()),
                children.stream()).toList());
        long start = System.nanoTime();
        run.run();
        long nanos = System.nanoTime() - start;
        Usage usage = meter.stop(count, 0);
        System.out.println("digests %s %d".formatted(HexFormat.of().formatHex(digest.digest()),
                nanos));
        System.out.println(usage.line());
    }

    private Stream<String> paths() {
        return IntStream.range(0, count).mapToObj(number -> path(folder, number).toString());
    }

    /// The path of a file.
    public static Path path(Path folder, int number) {
        return folder.resolve(String.valueOf(number / A_FOLDER), String.valueOf(number));
    }

    private void map(WorkerSet<String, String> set) {
        try (Stream<String> digests = set.map(paths())) {
            digests.forEachOrdered(this::take);
        }
    }

    /// Gives the next job when the oldest of so many has ended.
    private void send(Sender sender) throws InterruptedException {
        Queue<CompletableFuture<String>> open = new ArrayDeque<>();
        for (int number = 0; number < count; number++) {
            if (open.size() == IN_FLIGHT) {
                take(open.remove().join());
            }
            open.add(sender.send(path(folder, number).toString()));
        }
        open.forEach(answer -> take(answer.join()));
    }

    private void take(String answer) {
        digest.update(answer.getBytes(StandardCharsets.US_ASCII));
    }
}
