package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.JobMessage;
import dev.ipcchannel.benchmarks.worker.JobMessage.Add;
import dev.ipcchannel.benchmarks.worker.JobMessage.Moment;
import dev.ipcchannel.benchmarks.worker.JobMessage.When;
import dev.ipcchannel.benchmarks.worker.JobWorker;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.worker.WorkerSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// From the start of a set to its worker's first answer, beside a JVM that says hello.
final class SpawnSection {

    private static final double AIM = 2.8;
    private static final int LEAST_ROUNDS = 15;
    private static final int WARM_UPS = 3; // of this process, whose side of a start is measured too
    private static final Duration GRACE = Duration.ofSeconds(30); // it writes an archive then

    private static final ChildJvm DEFAULT = ChildJvm.of(JobWorker.class).grace(GRACE);
    private static final ChildJvm SHORT_LIVED = DEFAULT.shortLived();

    /// A way to start a worker.
    ///
    /// @param aim times a hello JVM; 0 where there is none
    private record Way(String name, ChildJvm worker, boolean hasArchive, double aim) {}

    private static final Way FIRST = new Way("default, class archive", DEFAULT, true, AIM);
    private static final List<Way> WAYS = List.of(FIRST,
            new Way("short-lived, class archive", SHORT_LIVED, true, AIM),
            new Way("default, no archive", DEFAULT.noClassArchive(), false, 0),
            new Way("short-lived, no archive", SHORT_LIVED.noClassArchive(), false, 0));

    // What each part ends with, but for the last one.
    private static final List<Moment> MOMENTS =
            List.of(Moment.MAIN, Moment.CONNECTED, Moment.FIRST_JOB);
    private static final List<String> PARTS = List.of("start, JVM up to main",
            "main, connected", "first job there", "its answer back");

    private final Machine machine;
    private final Map<Way, List<double[]>> starts = new LinkedHashMap<>(); // a round's parts each
    private final List<Double> hellos = new ArrayList<>();

    private SpawnSection(Machine machine) {
        this.machine = machine;
    }

    static void run(Machine machine, Report report, int rounds) throws InterruptedException {
        report.section("Spawn to first reply, Add(int, int) to int",
                "A set of one worker, from its start to the first answer; a bare hello JVM, from "
                        + "its start to its end.");
        SpawnSection section = new SpawnSection(machine);
        List<Way> ways = new ArrayList<>();
        for (Way way : WAYS) {
            if (!way.hasArchive() || hasArchive(way)) {
                ways.add(way);
            } else {
                report.line("not measured: %s: the worker does not load the archive"
                        .formatted(way.name()));
            }
        }
        section.measure(ways, WARM_UPS);
        section.hellos.clear();
        section.starts.clear();
        section.measure(ways, Math.max(LEAST_ROUNDS, rounds));
        section.print(report);
    }

    /// Starts a worker twice: the first one writes the archive if there is none.
    ///
    /// @return whether the second one has it
    private static boolean hasArchive(Way way) throws InterruptedException {
        boolean isMapped = false;
        for (int start = 0; start < 2; start++) {
            try (WorkerSet<JobMessage, Integer> set = start(way)) {
                check(set.call(new Add(6, 7)));
                isMapped = hasArchive(set.workers().getFirst().pid());
            }
        }
        return isMapped;
    }

    private static boolean hasArchive(long pid) {
        try (Stream<String> maps = Files.lines(Path.of("/proc", String.valueOf(pid), "maps"))) {
            return maps.anyMatch(line -> line.contains("/ipc-channel/") && line.endsWith(".jsa"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static WorkerSet<JobMessage, Integer> start(Way way) throws InterruptedException {
        return WorkerSet.builder(JobMessage.class, Integer.class).worker(way.worker())
                .workerCount(1).start();
    }

    private static void check(int answer) {
        if (answer != 13) {
            throw new BenchFailure("a worker has added wrongly: answer=%d, expected=13"
                    .formatted(answer));
        }
    }

    /// All take turns, every second round backwards.
    private void measure(List<Way> ways, int rounds) throws InterruptedException {
        List<Way> order = new ArrayList<>(ways);
        for (int round = 0; round < rounds; round++) {
            hellos.add(StartUpSection.hello(machine));
            for (Way way : order) {
                starts.computeIfAbsent(way, _ -> new ArrayList<>()).add(measure(way));
            }
            order = order.reversed();
        }
    }

    /// Starts a worker.
    ///
    /// @return the milliseconds from that to the end of each part
    private static double[] measure(Way way) throws InterruptedException {
        long start = System.nanoTime();
        try (WorkerSet<JobMessage, Integer> set = start(way)) {
            int answer = set.call(new Add(6, 7));
            long end = System.nanoTime();
            check(answer);
            double[] moments = new double[PARTS.size()];
            for (int part = 0; part < MOMENTS.size(); part++) {
                moments[part] = set.call(new When(MOMENTS.get(part), start)) / 1e3;
            }
            moments[moments.length - 1] = (end - start) / 1e6;
            return moments;
        }
    }

    private void print(Report report) {
        report.columns("ms", "max ms", "times a hello JVM");
        Spread hello = Spread.of(hellos.stream().mapToDouble(Double::doubleValue).toArray());
        report.row("a hello JVM", "%.1f".formatted(hello.median()), "%.1f".formatted(hello.max()),
                "1", "");
        starts.forEach((way, rounds) -> {
            print(report, way, rounds);
            if (way.equals(FIRST)) {
                printParts(report, rounds);
            }
        });
    }

    private void print(Report report, Way way, List<double[]> rounds) {
        double[] millis = rounds.stream().mapToDouble(moments -> moments[moments.length - 1])
                .toArray();
        double[] ratios = new double[millis.length];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = millis[round] / hellos.get(round);
        }
        Spread ratio = Spread.of(ratios);
        String aim = way.aim() == 0 ? "" : "<= %.2f: ".formatted(way.aim()) + report.judge(
                "first reply, %s, times a hello: <= %.2f".formatted(way.name(), way.aim()),
                "%.2f".formatted(ratio.median()), ratio.median() <= way.aim());
        Spread spread = Spread.of(millis);
        report.row(way.name(), "%.1f".formatted(spread.median()), "%.1f".formatted(spread.max()),
                ratio.asRatio(), aim);
    }

    private static void printParts(Report report, List<double[]> rounds) {
        for (int part = 0; part < PARTS.size(); part++) {
            int end = part;
            Spread spread = Spread.of(rounds.stream()
                    .mapToDouble(moments -> moments[end] - (end == 0 ? 0 : moments[end - 1]))
                    .toArray());
            report.row("  " + PARTS.get(part), "%.1f".formatted(spread.median()),
                    "%.1f".formatted(spread.max()), "", "");
        }
    }
}
