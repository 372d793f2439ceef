package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.DigestHost;
import dev.ipcchannel.benchmarks.worker.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Files that are read by processes that have just started, one file a job.
final class DigestSection {

    private static final double TIME_AIM = 1.0;
    private static final double PROCESSOR_AIM = 1.2;
    private static final int LEAST_FILES = 100_000; // with fewer the aims are not judged
    private static final String CHILDREN = "2";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /// A way that is compared.
    ///
    /// @param name a few words for the table
    /// @param way what [DigestHost] knows it by
    private record Way(String name, String way) {}

    private static final Way JSON = new Way("JSON lines, 2 children", "json");
    private static final List<Way> WAYS = List.of(JSON,
            new Way("ours, 2 workers", "set"),
            new Way("ours, 2 workers, a stream", "map"));

    /// Times of one run.
    ///
    /// @param startMillis until the host and its children were ready
    /// @param millis of digesting
    /// @param usage by all three processes meanwhile
    private record Run(double startMillis, double millis, Usage usage) {

        double processorMicros() {
            return usage.nanos() / 1e3 / usage.jobs();
        }

        double switches() {
            return (double) usage.switches() / usage.jobs();
        }
    }

    private final Machine machine;
    private final DigestFolder files;
    private final Map<Way, List<Run>> runs = new LinkedHashMap<>();

    private DigestSection(Machine machine, DigestFolder files) {
        this.machine = machine;
        this.files = files;
    }

    static void run(Machine machine, Report report, Pace pace) throws InterruptedException {
        report.section("Digests of %,d small files, one file a job".formatted(pace.count()),
                "SHA-256 by two processes that, as their host, have just started. 256 in flight; "
                        + "the start is apart.");
        try (DigestFolder files = DigestFolder.make(pace.count())) {
            DigestSection section = new DigestSection(machine, files);
            for (Way way : WAYS) {
                Run _ = section.measure(way); // once before: for the archive and the file cache
            }
            section.measureAll(pace.rounds());
            section.print(report);
        }
    }

    /// All take turns, every second round backwards.
    private void measureAll(int rounds) throws InterruptedException {
        List<Way> order = WAYS;
        WAYS.forEach(way -> runs.put(way, new ArrayList<>()));
        for (int round = 0; round < rounds; round++) {
            for (Way way : order) {
                of(way).add(measure(way));
            }
            order = order.reversed();
        }
    }

    private List<Run> of(Way way) {
        return runs.getOrDefault(way, List.of());
    }

    private Run measure(Way way) throws InterruptedException {
        long start = System.nanoTime();
        try (ChildProcess host = ChildProcess.start(machine.measuredJvm(List.of(),
                DigestHost.class, List.of(way.way(), CHILDREN, files.path().toString(),
                        String.valueOf(files.count()))))) {
            String _ = host.expect("ready");
            double startMillis = (System.nanoTime() - start) / 1e6;
            host.write("digest");
            String[] digests = host.expect("digests ", PATIENCE).split(" ", -1);
            Usage usage = Usage.parse(host.expect(""));
            String _ = host.expect("closed");
            if (!digests[0].equals(files.expected())) {
                throw new BenchFailure("a digest is wrong or not in its place: " + way.name());
            }
            return new Run(startMillis, Long.parseLong(digests[1]) / 1e6, usage);
        }
    }

    private void print(Report report) {
        report.columns("ms", "start ms", "times JSON lines");
        for (Way way : WAYS) {
            Spread ratio = ratio(way, Run::millis, true);
            report.row(way.name(), "%.0f".formatted(spread(way, Run::millis).median()),
                    "%.0f".formatted(spread(way, Run::startMillis).median()),
                    way.equals(JSON) ? "1" : ratio.asRatio(),
                    aim(report, way, "rate, times JSON lines: >= %.1f".formatted(TIME_AIM), ratio,
                            ratio.median() >= TIME_AIM));
        }
        report.columns("µs cpu", "switches", "cpu, times JSON");
        for (Way way : WAYS) {
            Spread ratio = ratio(way, Run::processorMicros, false);
            report.row(way.name() + ", a file",
                    "%.1f".formatted(spread(way, Run::processorMicros).median()),
                    "%.3f".formatted(spread(way, Run::switches).median()),
                    way.equals(JSON) ? "1" : ratio.asRatio(),
                    aim(report, way, "processor time, times JSON lines: <= %.1f"
                            .formatted(PROCESSOR_AIM), ratio, ratio.median() <= PROCESSOR_AIM));
        }
    }

    private String aim(Report report, Way way, String aim, Spread ratio, boolean isMet) {
        if (way.equals(JSON)) {
            return "";
        }
        if (files.count() < LEAST_FILES) {
            return "not judged: --count %d is".formatted(LEAST_FILES);
        }
        String limit = aim.substring(aim.indexOf(':') + 2);
        return limit + ": " + report.judge("digests, %s, %s".formatted(way.way(), aim),
                "%.2f".formatted(ratio.median()), isMet);
    }

    /// A number of a run.
    private interface Figure {

        /// Reads it.
        double of(Run run);
    }

    private Spread spread(Way way, Figure figure) {
        return Spread.of(of(way).stream().mapToDouble(figure::of).toArray());
    }

    /// Ours and the JSON lines of the same round.
    ///
    /// @param isInverse whether more is worse, and a rate is wanted
    private Spread ratio(Way way, Figure figure, boolean isInverse) {
        double[] ratios = new double[of(way).size()];
        for (int round = 0; round < ratios.length; round++) {
            double ratio = figure.of(of(way).get(round)) / figure.of(of(JSON).get(round));
            ratios[round] = isInverse ? 1 / ratio : ratio;
        }
        return Spread.of(ratios);
    }
}
