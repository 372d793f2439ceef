package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.JvmPair.Plan;
import dev.ipcchannel.benchmarks.worker.FanOut;
import dev.ipcchannel.benchmarks.worker.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// Channels by name beside the bare ones that they go through, the opening of a name, and what it
/// costs to send to many.
final class NamedSection {

    private static final double AIM = 1.3;
    private static final String BARE = "ours, record, send and receive";
    private static final String OURS = "ours, by name";
    private static final String HYBRID = ", HYBRID";
    private static final String OPENING = "ours, a name opened and met";
    private static final String CONNECTION = "JDK Unix socket, a connection";

    private static final List<Plan> CONTENDERS = List.of(
            new Plan(BARE, "readings", "SPIN", false),
            new Plan(OURS, "named-readings", "SPIN", false),
            new Plan(BARE + HYBRID, "readings", "HYBRID", false),
            new Plan(OURS + HYBRID, "named-readings", "HYBRID", false));

    private static final List<Plan> OPENINGS = List.of(
            new Plan(CONNECTION, "connections", "BLOCK", false),
            new Plan(OPENING, "named-openings", "HYBRID", false));

    private static final List<Integer> RECEIVERS = List.of(1, 4, 16);
    private static final int WARM_UP = 3000;
    private static final int MESSAGES = 500; // a slice

    private NamedSection() {}

    static void run(Machine machine, Report report, Pace pace) throws InterruptedException {
        try (Contenders contenders = Contenders.startJvms(machine, pace, CONTENDERS)) {
            report.section("By name, a record of 48 bytes there and back",
                    "One sender and one receiver in each direction, beside the same record through "
                            + "a bare channel. SPIN where nothing is said.");
            runRoundTrips(report, Interleaving.run(Shape.ROUND_TRIP, contenders.all(), pace));
            report.section("By name, a stream of records of 48 bytes",
                    "The same records one way. Counted at B.");
            runStreams(report, Interleaving.run(Shape.STREAM, contenders.all(), pace));
        }
        Pace warm = pace.withLongWarmUp();
        try (Contenders contenders = Contenders.startJvms(machine, warm, OPENINGS)) {
            report.section("Opening a name",
                    "A opens a name, meets the receiver of B that waits, sends 48 bytes and"
                            + " closes; B answers by a name that is open. After a warm-up of "
                            + "%.1f s.".formatted(warm.warmUpMillis() / 1e3));
            runOpenings(report, Interleaving.run(Shape.ROUND_TRIP, contenders.all(), warm));
        }
        runFanOut(machine, report, pace);
    }

    private static void runRoundTrips(Report report, Interleaving results) {
        report.columns("p50 ns", "p99 ns", "times a bare channel");
        for (Plan plan : CONTENDERS) {
            String name = plan.name();
            Spread ratio = results.ratio(name, base(name));
            String aim = name.equals(OURS) ? "<= 1.30: " + report.judge(
                    "by name, round trip, times a bare channel: <= 1.30",
                    "%.2f".formatted(ratio.median()), ratio.median() <= AIM) : "";
            report.row(name, "%.0f".formatted(results.figure(name).median()),
                    "%.0f".formatted(results.p99(name).median()),
                    name.equals(base(name)) ? "1" : ratio.asRatio(), aim);
        }
    }

    private static void runStreams(Report report, Interleaving results) {
        report.columns("M msg/s", "ns each", "times its time");
        for (Plan plan : CONTENDERS) {
            String name = plan.name();
            double rate = results.figure(name).median();
            Spread ratio = results.ratio(/* name= */ base(name), /* base= */ name); // of rates
            String aim = name.equals(OURS) ? "<= 1.30: " + report.judge(
                    "by name, time of a message in a stream, times a bare channel: <= 1.30",
                    "%.2f".formatted(ratio.median()), ratio.median() <= AIM) : "";
            report.row(name, "%.2f".formatted(rate / 1e6), "%.0f".formatted(1e9 / rate),
                    name.equals(base(name)) ? "1" : ratio.asRatio(), aim);
        }
        printAllocation(report, results);
    }

    /// Each side by its own count of messages: A has sent more than B has counted, by as many as
    /// the ring held and the first moments of a slice had. What a message takes, it takes in each
    /// round; the waits of a slice, for one side or the other, are not the message's.
    private static void printAllocation(Report report, Interleaving results) {
        Spread sent = more(results, Sample::leader);
        Spread received = more(results, Sample::follower);
        report.line(
                ("allocated by name beyond a bare channel: %s bytes a send, %s a receive, aim 0 in"
                        + " the")
                        .formatted(bytes(sent), bytes(received)) + " range: "
                        + report.judge("by name, bytes allocated beyond a bare channel: 0",
                                "%.3f, %.3f".formatted(sent.median(), received.median()),
                                isNone(sent) && isNone(received)));
    }

    private static Spread more(Interleaving results, Function<Sample, Slice> side) {
        List<Sample> named = results.of(OURS);
        List<Sample> bare = results.of(BARE);
        double[] more = new double[named.size()];
        for (int round = 0; round < more.length; round++) {
            more[round] = Allocation.each(List.of(side.apply(named.get(round))))
                    - Allocation.each(List.of(side.apply(bare.get(round))));
        }
        return Spread.of(more);
    }

    private static String bytes(Spread more) {
        return "%.3f (%.3f..%.3f)".formatted(more.median(), more.min(), more.max());
    }

    private static boolean isNone(Spread more) {
        return Allocation.isNone(more.min());
    }

    private static void runOpenings(Report report, Interleaving results) {
        report.columns("p50 µs", "p99 µs", "times a connection");
        for (Plan plan : OPENINGS) {
            String name = plan.name();
            report.row(name, "%.1f".formatted(results.figure(name).median() / 1e3),
                    "%.1f".formatted(results.p99(name).median() / 1e3),
                    name.equals(CONNECTION) ? "1" : results.ratio(name, CONNECTION).asRatio(), "");
        }
    }

    private static void runFanOut(Machine machine, Report report, Pace pace)
            throws InterruptedException {
        report.section("Sending to many that sleep",
                "A sends 48 bytes each 0.2 ms to so many receivers of B, each of which sleeps by"
                        + " then. Processor time of the sending thread.");
        report.columns("µs", "µs each", "");
        for (int receivers : RECEIVERS) {
            Spread micros = fanOut(machine, receivers, pace.rounds());
            report.row(receivers + (receivers == 1 ? " receiver" : " receivers"),
                    "%.2f".formatted(micros.median()),
                    "%.2f".formatted(micros.median() / receivers), "", "");
        }
    }

    private static Spread fanOut(Machine machine, int receivers, int rounds)
            throws InterruptedException {
        List<ChildProcess> processes = new ArrayList<>();
        try {
            ChildProcess leader = start(machine, Role.LEAD, receivers, List.of());
            processes.add(leader);
            ChildProcess follower =
                    start(machine, Role.FOLLOW, receivers, List.of(leader.expect("at ")));
            processes.add(follower);
            follower.expect("ready");
            leader.expect("ready");
            double _ = micros(leader, WARM_UP);
            double[] micros = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                micros[round] = micros(leader, MESSAGES);
            }
            return Spread.of(micros);
        } finally {
            processes.forEach(ChildProcess::close);
        }
    }

    private static ChildProcess start(Machine machine, Role role, int receivers,
            List<String> address) {
        List<String> arguments = Stream.concat(Stream.of(Integer.toString(receivers)),
                address.stream()).toList();
        return ChildProcess.start(machine.pinned(role,
                machine.measuredJvm(List.of(), FanOut.class, arguments)));
    }

    private static double micros(ChildProcess leader, int messages) throws InterruptedException {
        leader.write("send " + messages);
        return Long.parseLong(leader.expect("cpu ")) / 1e3 / messages;
    }

    /// The contender that another is compared with: the bare channel that waits in the same way.
    private static String base(String name) {
        return name.endsWith(HYBRID) ? BARE + HYBRID : BARE;
    }
}
