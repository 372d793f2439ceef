package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.JvmPair.Plan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Broadcast channels: a route to one receiver beside the bare channel and beside cpp-ipc, then [to
/// many][CrowdSection].
final class BroadcastSection {

    private static final double AIM = 1.3;
    private static final String BARE = "ours, byte[64], send and receive";
    private static final String ROUTE = "ours, ROUTE, byte[64]";
    private static final String BARE_TYPED = "ours, record, send and receive";
    private static final String ROUTE_TYPED = "ours, ROUTE, record";

    private static final List<Plan> CONTENDERS = List.of(
            new Plan(BARE, "blocks-64", "SPIN", false),
            new Plan(ROUTE, "route-blocks-64", "SPIN", false),
            new Plan(BARE_TYPED, "readings", "SPIN", false),
            new Plan(ROUTE_TYPED, "route-readings", "SPIN", false));

    private static final String LIBIPC = "cpp-ipc, ";
    private static final String OURS = "ours, ROUTE, ";
    private static final String COPIED = "ours, ROUTE, 64 KiB received as byte[]";
    private static final int SHORT = 64;
    private static final int LONG = 64 * 1024;

    private BroadcastSection() {}

    static void run(Machine machine, Report report, Pace pace) throws InterruptedException {
        try (Contenders contenders = Contenders.startJvms(machine, pace, CONTENDERS)) {
            report.section("A route to one receiver, there and back",
                    "A route in each direction with one receiver, beside the same messages through"
                            + " a bare channel: 64 bytes, and a record of 48. SPIN.");
            printRoundTrips(report,
                    Interleaving.run(Shape.ROUND_TRIP, contenders.all(), pace));
            report.section("A route to one receiver, a stream",
                    "The same messages one way. Counted at B.");
            printStreams(report, Interleaving.run(Shape.STREAM, contenders.all(), pace));
        }
        runBesideLibipc(machine, report, pace);
        CrowdSection.run(machine, report, pace);
    }

    private static void printRoundTrips(Report report, Interleaving results) {
        report.columns("p50 ns", "p99 ns", "times a bare channel");
        for (Plan plan : CONTENDERS) {
            String name = plan.name();
            boolean isBare = name.equals(base(name));
            Spread ratio = results.ratio(name, base(name));
            report.row(name, "%.0f".formatted(results.figure(name).median()),
                    "%.0f".formatted(results.p99(name).median()), isBare ? "1" : ratio.asRatio(),
                    isBare ? "" : atMost(report, name, "round trip", ratio));
        }
    }

    private static void printStreams(Report report, Interleaving results) {
        report.columns("M msg/s", "ns each", "times its time");
        for (Plan plan : CONTENDERS) {
            String name = plan.name();
            boolean isBare = name.equals(base(name));
            double rate = results.figure(name).median();
            Spread ratio = results.ratio(/* name= */ base(name), /* base= */ name); // of rates
            report.row(name, "%.2f".formatted(rate / 1e6), "%.0f".formatted(1e9 / rate),
                    isBare ? "1" : ratio.asRatio(),
                    isBare ? "" : atMost(report, name, "time in a stream", ratio));
        }
    }

    private static String atMost(Report report, String name, String what, Spread ratio) {
        return "<= %.2f: %s".formatted(AIM, report.judge(
                "%s, %s, times a bare channel: <= %.2f".formatted(name, what, AIM),
                "%.2f".formatted(ratio.median()), ratio.median() <= AIM));
    }

    private static String base(String name) {
        return name.equals(ROUTE) || name.equals(BARE) ? BARE : BARE_TYPED;
    }

    private static void runBesideLibipc(Machine machine, Report report, Pace pace)
            throws InterruptedException {
        String lack = Libipc.lack();
        Path built = lack == null ? Libipc.build(machine) : null;
        try {
            runBesideLibipc(machine, report, pace, SHORT, "64 bytes", built, lack);
            runBesideLibipc(machine, report, pace, LONG, "64 KiB", built, lack);
        } finally {
            if (built != null) {
                Libipc.delete(built);
            }
        }
    }

    private static void runBesideLibipc(Machine machine, Report report, Pace pace, int length,
            String size, @Nullable Path built, @Nullable String lack)
            throws InterruptedException {
        boolean isShort = length == SHORT;
        Plan ours = new Plan(OURS + size,
                isShort ? "route-blocks-64" : "route-blocks-64k-in-place", "HYBRID", false);
        List<Plan> plans = isShort ? List.of(ours)
                : List.of(ours, new Plan(COPIED, "route-blocks-64k", "HYBRID", false));
        String theirs = LIBIPC + size;
        List<Callable<Contender>> others = new ArrayList<>();
        if (built != null) {
            others.add(() -> Libipc.start(machine, built, theirs, length));
        }
        try (Contenders contenders =
                Contenders.startWith(machine, pace, plans, others)) {
            report.section("A route beside cpp-ipc, " + size,
                    "The same program in C++ over a route of cpp-ipc; each waits as it does by"
                            + " default.");
            report.columns("", "ns each", "times better");
            for (Shape shape : List.of(Shape.ROUND_TRIP, Shape.STREAM)) {
                Interleaving results = Interleaving.run(shape, contenders.all(), pace);
                boolean isStream = shape == Shape.STREAM;
                double aim = isShort ? isStream ? 5 : 3 : 2;
                String what = isStream ? ", a stream" : ", there and back";
                if (lack != null) {
                    row(report, results, shape, ours.name(), what, "", "");
                    report.row(theirs + what, "", "", lack, "");
                    continue;
                }
                Spread ratio = ratio(results, shape, ours.name(), theirs);
                row(report, results, shape, ours.name(), what, ratio.asRatio(),
                        ">= %.0f: %s".formatted(aim, report.judge(
                                "%s%s, times better than cpp-ipc: >= %.0f"
                                        .formatted(ours.name(), what, aim),
                                "%.2f".formatted(ratio.median()), ratio.median() >= aim)));
                row(report, results, shape, theirs, what, "1", "");
                if (!isShort) {
                    row(report, results, shape, COPIED, what,
                            ratio(results, shape, COPIED, theirs).asRatio(), "");
                }
            }
        }
    }

    private static Spread ratio(Interleaving results, Shape shape, String ours, String theirs) {
        return shape == Shape.STREAM ? results.ratio(ours, theirs) : results.ratio(theirs, ours);
    }

    private static void row(Report report, Interleaving results, Shape shape, String name,
            String what, String ratio, String aim) {
        double figure = results.figure(name).median();
        report.row(name + what, "",
                "%.0f".formatted(shape == Shape.STREAM ? 1e9 / figure : figure), ratio, aim);
    }
}
