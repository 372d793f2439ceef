package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.JvmPair.Plan;
import dev.ipcchannel.benchmarks.worker.Footprint;
import java.util.ArrayList;
import java.util.List;

/// A channel for each request, and what thousands of them leave over.
final class ChannelSection {

    private static final String OURS = "ours, a channel";
    private static final String LIMIT = "JDK Unix socket, a connection";
    private static final Plan CALLS = new Plan(OURS, "calls", "HYBRID", false);
    private static final List<Plan> CONTENDERS =
            List.of(new Plan(LIMIT, "connections", "BLOCK", false), CALLS);

    private static final long COUNTING_MILLIS = 500;
    // What counts as nothing, for a channel: descriptors, or maps; and bytes of heap, fewer than
    // its objects take.
    private static final double FLAT = 0.001;
    private static final double FLAT_BYTES = 64;

    private ChannelSection() {}

    static void run(Machine machine, Report report, Pace pace) throws InterruptedException {
        report.section("A channel for each request",
                "A makes a channel with a ring of 4 KiB and sends its sender to B, which answers "
                        + "48 bytes on it; A closes it.");
        try (Contenders contenders = Contenders.startJvms(machine, pace, CONTENDERS)) {
            Interleaving results = Interleaving.run(Shape.ROUND_TRIP, contenders.all(), pace);
            report.columns("p50 µs", "p99 µs", "times a connection");
            for (Plan plan : CONTENDERS) {
                String name = plan.name();
                report.row(name, "%.1f".formatted(results.figure(name).median() / 1e3),
                        "%.1f".formatted(results.p99(name).median() / 1e3),
                        name.equals(LIMIT) ? "1" : results.ratio(name, LIMIT).asRatio(), "");
            }
        }
        try (JvmPair pair = JvmPair.start(machine, CALLS, pace.capacity())) {
            count(report, pair, pace);
        }
    }

    private static void count(Report report, JvmPair pair, Pace pace) throws InterruptedException {
        CorrectnessGate.check(pair, Shape.ROUND_TRIP);
        pair.slice(Shape.ROUND_TRIP, pace.warmUpMillis());
        List<Footprint> before = pair.footprints();
        long made = 0;
        while (made < pace.count()) {
            made += pair.slice(Shape.ROUND_TRIP, COUNTING_MILLIS).leader().messages();
        }
        List<Footprint> after = pair.footprints();
        List<Footprint> more = new ArrayList<>();
        for (int i = 0; i < after.size(); i++) {
            more.add(after.get(i).minus(before.get(i)));
        }
        print(report, more, made);
    }

    private static void print(Report report, List<Footprint> more, long made) {
        boolean isFlat = true;
        for (Footprint footprint : more) {
            isFlat &= footprint.descriptors() <= FLAT * made && footprint.maps() <= FLAT * made
                    && footprint.heap() <= FLAT_BYTES * made;
        }
        String verdict = report.judge("nothing stays of %d channels".formatted(made),
                isFlat ? "flat" : "grows", isFlat);
        for (int i = 0; i < more.size(); i++) {
            Footprint footprint = more.get(i);
            report.line("left in %s by %d channels: %+d descriptors, %+d maps, %+d bytes of heap"
                    .formatted(i == 0 ? "A" : "B", made, footprint.descriptors(),
                            footprint.maps(), footprint.heap()));
        }
        report.line("aim: flat, below 1 descriptor and 1 map in 1000 and %.0f bytes in each: %s"
                .formatted(FLAT_BYTES, verdict));
    }
}
