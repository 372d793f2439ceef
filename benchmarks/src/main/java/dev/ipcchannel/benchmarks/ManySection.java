package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.JvmPair.Plan;
import java.util.List;

/// Waiting on many receivers at once, and by many threads.
final class ManySection {

    private static final double AIM = 1.5;
    private static final int CAPACITY = 4096;
    private static final int WARM_UPS = 4; // few round trips: their code is compiled late

    private static final String BARE = "ours, receive";
    private static final String ONE = "ours, select, 1 receiver";
    private static final String THOUSAND = "ours, select, 1,000 receivers";
    private static final List<Plan> SELECTS = List.of(
            new Plan(BARE, "bytes", "HYBRID", false),
            new Plan(ONE, "select-1", "HYBRID", false),
            new Plan("ours, select, 10 receivers", "select-10", "HYBRID", false),
            new Plan(THOUSAND, "select-1000", "HYBRID", false));

    private static final String PLATFORM = "platform threads";
    private static final List<Plan> THREADS = List.of(
            new Plan(PLATFORM, "bytes", "BLOCK", false),
            new Plan("virtual threads", "bytes-virtual", "BLOCK", false));

    private static final String QUIET = "one after the other";
    private static final String QUIET_FLOODED = "the same under a flood";
    private static final String RARE = "one each 0.5 ms";
    private static final String RARE_FLOODED = "one each 0.5 ms, under a flood";
    private static final List<Plan> MEMBERS = List.of(
            new Plan(QUIET, "quiet", "HYBRID", false),
            new Plan(QUIET_FLOODED, "quiet-flooded", "HYBRID", false),
            new Plan(RARE, "rare", "HYBRID", false),
            new Plan(RARE_FLOODED, "rare-flooded", "HYBRID", false));

    private ManySection() {}

    static void run(Machine machine, Report report, Pace pace) throws InterruptedException {
        Pace small = new Pace(pace.rounds(), pace.sliceMillis(), pace.warmUpMillis(), CAPACITY,
                pace.count());
        runRoundTrips(machine, report, small);
        runStreams(machine, report, small);
        runThreads(machine, report, small);
        runFlood(machine, report, small);
    }

    private static void runRoundTrips(Machine machine, Report report, Pace pace)
            throws InterruptedException {
        report.section("Round trip through select, byte[48], one active receiver",
                "A and B each wait in select; all receivers but one are idle, each with a lane and"
                        + " a ring of 4 KiB. Halved: a message.");
        try (Contenders contenders = Contenders.startJvms(machine, pace, SELECTS)) {
            Interleaving results = Interleaving.run(Shape.ROUND_TRIP, contenders.all(), pace);
            report.columns("p50/2 ns", "p99/2 ns", "times 1 receiver");
            for (Plan plan : SELECTS) {
                String name = plan.name();
                row(report, name, results.figure(name).median() / 2,
                        results.p99(name).median() / 2, results.ratio(name, ONE), "round trip");
            }
            printAllocation(report, results);
        }
    }

    private static void runStreams(Machine machine, Report report, Pace pace)
            throws InterruptedException {
        report.section("Stream through select, byte[48], one active receiver",
                "A sends to the active receiver as fast as B takes it; B waits in select and"
                        + " checks. Counted at B.");
        try (Contenders contenders = Contenders.startJvms(machine, pace, SELECTS)) {
            Interleaving results = Interleaving.run(Shape.STREAM, contenders.all(), pace);
            report.columns("M msg/s", "ns each", "time of 1 receiver");
            for (Plan plan : SELECTS) {
                String name = plan.name();
                double rate = results.figure(name).median();
                // The other way round: of the times, not of the rates.
                row(report, name, rate / 1e6, 1e9 / rate, results.ratio(ONE, name), "stream");
            }
            printAllocation(report, results);
        }
    }

    private static void row(Report report, String name, double first, double second, Spread ratio,
            String what) {
        String aim = name.equals(THOUSAND)
                ? "<= 1.50: " + report.judge(
                        "%s, 1,000 receivers, times 1 receiver: <= 1.50".formatted(what),
                        "%.2f".formatted(ratio.median()), ratio.median() <= AIM)
                : "";
        report.row(name, "%.1f".formatted(first), "%.1f".formatted(second),
                name.equals(ONE) ? "1" : ratio.asRatio(), aim);
    }

    private static void printAllocation(Report report, Interleaving results) {
        for (String name : List.of(BARE, ONE, THOUSAND)) {
            report.line("%s, allocated: %.1f bytes a message at B".formatted(name, Allocation
                    .each(results.of(name).stream().map(Sample::follower).toList())));
        }
    }

    private static void runThreads(Machine machine, Report report, Pace pace)
            throws InterruptedException {
        report.section("Waking a thread in receive, byte[48], BLOCK",
                "A and B answer each other and sleep for each message. Half a round trip: from"
                        + " send to received.");
        try (Contenders contenders = Contenders.startJvms(machine, pace, THREADS)) {
            Interleaving results = Interleaving.run(Shape.ROUND_TRIP, contenders.all(), pace);
            report.columns("p50/2 µs", "p99/2 µs", "times platform");
            for (Plan plan : THREADS) {
                String name = plan.name();
                report.row(name, "%.1f".formatted(results.figure(name).median() / 2e3),
                        "%.1f".formatted(results.p99(name).median() / 2e3),
                        name.equals(PLATFORM) ? "1" : results.ratio(name, PLATFORM).asRatio(), "");
            }
        }
    }

    private static void runFlood(Machine machine, Report report, Pace pace)
            throws InterruptedException {
        report.section("Quiet members beside a flooded one, byte[48]",
                "B selects from three receivers; A sends to two in turn and waits for B's answer,"
                        + " or meanwhile floods the third.");
        try (Contenders contenders = Contenders.startJvms(machine, pace, MEMBERS)) {
            Pace patient = new Pace(pace.rounds(), pace.sliceMillis(),
                    WARM_UPS * pace.warmUpMillis(), pace.capacity(), pace.count());
            Interleaving results = Interleaving.run(Shape.QUIET, contenders.all(), patient);
            report.columns("p50 µs", "p99 µs", "times without");
            row(report, results, QUIET, QUIET);
            row(report, results, QUIET_FLOODED, QUIET);
            row(report, results, RARE, RARE);
            row(report, results, RARE_FLOODED, RARE);
        }
    }

    private static void row(Report report, Interleaving results, String name, String without) {
        report.row(name, "%.1f".formatted(results.figure(name).median() / 1e3),
                "%.1f".formatted(results.p99(name).median() / 1e3),
                name.equals(without) ? "1" : results.ratio(name, without).asRatio(),
                name.equals(without) ? "" : "the flood: %.1f M msg/s".formatted(floodRate(results,
                        name) / 1e6));
    }

    private static double floodRate(Interleaving results, String name) {
        return Spread.of(results.of(name).stream()
                .mapToDouble(sample -> sample.follower().rate()).toArray()).median();
    }
}
