package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.JvmPair.Plan;
import java.util.List;

/// Queues of zipc, 64 slots of 1,024 bytes: two JVMs beside two processes of a C program, which
/// wake after every message as Java does.
final class ZipcSection {

    private static final double MOST = 1.5; // times the round trip of C
    private static final double LEAST = 0.67; // of the rate of C

    private ZipcSection() {}

    static void run(Machine machine, Report report, Pace pace) throws InterruptedException {
        run(machine, report, pace, "looking", "zipc-spin", "spin");
        run(machine, report, pace, "by the futex", "zipc-sleep", "sleep");
    }

    private static void run(Machine machine, Report report, Pace pace, String how, String link,
            String waiting) throws InterruptedException {
        String java = "Java, " + how;
        String c = "C, " + how;
        try (Contenders contenders = Contenders.startWith(machine, pace,
                List.of(new Plan(java, link, "BLOCK", false)),
                List.of(() -> ZipcPair.start(machine, c, waiting)))) {
            report.section("Queues of zipc, " + how,
                    "Messages of 64 bytes, read in place, between two JVMs and between two"
                            + " processes of the same program in C.");
            report.columns("", "ns each", "beside C");
            for (Shape shape : List.of(Shape.ROUND_TRIP, Shape.STREAM)) {
                Interleaving results = Interleaving.run(shape, contenders.all(), pace);
                print(report, results, shape, java, c);
                Allocation.print(report, "%s, %s".formatted(java, shape.command()),
                        results.of(java));
            }
        }
    }

    private static void print(Report report, Interleaving results, Shape shape, String java,
            String c) {
        boolean isStream = shape == Shape.STREAM;
        String what = isStream ? ", a stream" : ", there and back";
        Spread ratio = results.ratio(java, c); // of rates, of a stream
        boolean isGood = isStream ? ratio.median() >= LEAST : ratio.median() <= MOST;
        String aim = (isStream ? ">= %.2f" : "<= %.2f").formatted(isStream ? LEAST : MOST);
        row(report, results, isStream, java, what, ratio.asRatio(), aim + ": "
                + report.judge("%s%s, beside C: %s".formatted(java, what, aim),
                        "%.2f".formatted(ratio.median()), isGood));
        row(report, results, isStream, c, what, "1", "");
    }

    private static void row(Report report, Interleaving results, boolean isStream, String name,
            String what, String ratio, String aim) {
        double figure = results.figure(name).median();
        report.row(name + what, "", "%.0f".formatted(isStream ? 1e9 / figure : figure), ratio,
                aim);
    }
}
