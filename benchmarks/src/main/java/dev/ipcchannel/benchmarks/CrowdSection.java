package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.Crowd;
import dev.ipcchannel.benchmarks.worker.Footprint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A route to many: what it costs the sending thread, and what each receiver takes.
final class CrowdSection {

    private static final String ROUTE = "route";
    private static final String PLAIN = "channels";
    private static final int MANY = 16;
    private static final int STEP = 100; // receivers that one process opens before it answers
    private static final int CHECKS = 8; // messages that each of a crowd gets before it is measured
    private static final int NEEDED_FILES = 12_000; // by 1,000 receivers in one process
    private static final int KIB = 1024;

    // What docs/named.md and docs/limits.md say of a pair.
    private static final double DESCRIPTORS = 3;
    private static final double RING_KIB = 68;

    private CrowdSection() {}

    static void run(Machine machine, Report report, Pace pace) throws InterruptedException {
        report.section("A burst to many",
                "A sends as much as the rings hold while no process receives, then B receives"
                        + " and checks it. Processor time of the sending thread.");
        report.columns("µs", "µs each", "times 1 receiver");
        runBursts(machine, report, pace, new Burst("64 bytes", 64, 400, 50, 10, 18));
        runBursts(machine, report, pace, new Burst("1 MiB", KIB * KIB, 4, 20, 2, 2));
        report.section("Many receivers",
                "They open a route that has a sender, and each checks %d messages of 64 bytes."
                        .formatted(CHECKS));
        runCrowd(machine, report, 200, 4);
        runCrowd(machine, report, 1000, 1);
    }

    /// One kind of burst.
    ///
    /// @param size of its messages, in words
    /// @param length of them in bytes
    /// @param messages of a burst
    /// @param warmUp bursts before the first round
    /// @param bursts of a round
    /// @param aim times the processor time with one receiver, at most
    private record Burst(String size, int length, int messages, int warmUp, int bursts,
            double aim) {}

    private static void runBursts(Machine machine, Report report, Pace pace, Burst burst)
            throws InterruptedException {
        String many = burst.size + " to %d receivers".formatted(MANY);
        List<Row> rows = new ArrayList<>();
        try {
            rows.add(Row.start(machine, pace, burst, burst.size + " to 1 receiver", ROUTE, 1));
            rows.add(Row.start(machine, pace, burst, many, ROUTE, MANY));
            rows.add(Row.start(machine, pace, burst,
                    burst.size + " to %d bare channels".formatted(MANY), PLAIN, MANY));
            measure(rows, burst, pace.rounds());
            Row one = rows.getFirst();
            for (Row row : rows) {
                Spread ratio = ratio(row.micros, one.micros);
                String aim = !row.name.equals(many) ? ""
                        : "<= %.0f: %s".formatted(burst.aim, report.judge(
                                "%s, times 1 receiver: <= %.0f".formatted(many, burst.aim),
                                "%.2f".formatted(ratio.median()), ratio.median() <= burst.aim));
                double each = Spread.of(row.micros).median();
                report.row(row.name, "%.2f".formatted(each),
                        "%.2f".formatted(each / row.group.ofOne),
                        row.name.equals(one.name) ? "1" : ratio.asRatio(), aim);
            }
        } finally {
            rows.forEach(row -> row.group.close());
        }
    }

    /// A row of the table, and its processes.
    ///
    /// @param micros of the sending thread for a message, in each round
    @SuppressWarnings("ArrayRecordComponent") // filled round by round
    private record Row(String name, Group group, double[] micros) {

        static Row start(Machine machine, Pace pace, Burst burst, String name, String kind,
                int receivers) throws InterruptedException {
            return new Row(name, Group.start(machine, kind, burst.length, receivers, 1),
                    new double[pace.rounds()]);
        }
    }

    private static void measure(List<Row> rows, Burst burst, int rounds)
            throws InterruptedException {
        for (Row row : rows) {
            double _ = row.group.open(MANY); // at once: no more are there
            double _ = row.group.micros(burst.messages, burst.warmUp);
        }
        for (int round = 0; round < rounds; round++) {
            for (Row row : rows) {
                row.micros[round] = row.group.micros(burst.messages, burst.bursts);
            }
        }
    }

    private static Spread ratio(double[] times, double[] base) {
        double[] ratios = new double[times.length];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = times[round] / base[round];
        }
        return Spread.of(ratios);
    }

    private static void runCrowd(Machine machine, Report report, int receivers, int processes)
            throws InterruptedException {
        String crowd = processes == 1 ? "%,d receivers in one process".formatted(receivers)
                : "%,d receivers in %d processes".formatted(receivers, processes);
        long files = mostFiles();
        if (processes == 1 && files < NEEDED_FILES) {
            report.line(
                    "%s: skipped: a process here has %,d descriptors at most (ulimit -Hn), and %,d"
                            .formatted(crowd, files, NEEDED_FILES) + " are needed");
            return;
        }
        try (Group group = Group.start(machine, ROUTE, 64, receivers, processes)) {
            List<Footprint> before = group.footprints();
            double openMicros = group.open(STEP) / receivers;
            double sendMicros = group.micros(CHECKS, 1) / receivers;
            List<Footprint> after = group.footprints();
            Footprint sender = after.getFirst().minus(before.getFirst());
            Footprint receiver = after.get(1).minus(before.get(1));
            print(report, crowd, sender, receivers, receiver, receivers / processes);
            report.line(
                    ("%.0f µs for each to open and to be met, %.2f µs of the sending thread a"
                            + " message")
                            .formatted(openMicros, sendMicros));
        }
    }

    private static void print(Report report, String crowd, Footprint sender, int receivers,
            Footprint receiver, int ofOne) {
        double descriptors = (double) sender.descriptors() / receivers;
        double kib = (double) sender.shared() / KIB / receivers;
        boolean isAsStated = Math.round(descriptors) <= DESCRIPTORS && Math.round(kib) <= RING_KIB;
        report.line(
                "%s, each: %.2f descriptors and %.1f KiB at the sender, %.2f and %.1f at its own"
                        .formatted(crowd, descriptors, kib, (double) receiver.descriptors() / ofOne,
                                (double) receiver.shared() / KIB / ofOne)
                        + ", aim %.0f and %.0f at the sender: %s".formatted(DESCRIPTORS, RING_KIB,
                                report.judge("%s, as stated".formatted(crowd),
                                        "%.2f, %.1f".formatted(descriptors, kib), isAsStated)));
    }

    /// How many descriptors a process may have, if it asks for more than it has by default, as JVMs
    /// do.
    private static long mostFiles() {
        try (Stream<String> limits = Files.lines(Path.of("/proc/self/limits"))) {
            // Max open files SOFT HARD files
            String most = limits.filter(line -> line.startsWith("Max open files")).findFirst()
                    .orElseThrow().split(" +", -1)[4];
            return most.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(most);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// A sender's process and those of its receivers.
    private static final class Group implements AutoCloseable {

        private final List<ChildProcess> processes = new ArrayList<>(); // the leader first
        private final boolean isPlain;
        private final int ofOne; // receivers of each follower

        private Group(boolean isPlain, int ofOne) {
            this.isPlain = isPlain;
            this.ofOne = ofOne;
        }

        static Group start(Machine machine, String kind, int length, int receivers, int processes)
                throws InterruptedException {
            Group group = new Group(kind.equals(PLAIN), receivers / processes);
            boolean isStarted = false;
            try {
                group.add(machine, Role.LEAD, kind, length, receivers, List.of());
                String address = group.leader().expect("at ");
                for (int i = 0; i < processes; i++) {
                    group.add(machine, Role.FOLLOW, kind, length, receivers / processes,
                            List.of(address));
                }
                isStarted = true;
                return group;
            } finally {
                if (!isStarted) {
                    group.close();
                }
            }
        }

        private void add(Machine machine, Role role, String kind, int length, int receivers,
                List<String> address) {
            List<String> arguments = Stream.concat(
                    Stream.of(kind, String.valueOf(length), String.valueOf(receivers)),
                    address.stream()).toList();
            processes.add(ChildProcess.start(machine.pinned(role,
                    machine.measuredJvm(List.of(), Crowd.class, arguments))));
        }

        private ChildProcess leader() {
            return processes.getFirst();
        }

        private List<ChildProcess> followers() {
            return processes.subList(1, processes.size());
        }

        /// Has all meet, each follower opening no more than so many at once.
        ///
        /// @return the microseconds it took
        double open(int most) throws InterruptedException {
            long nanos = 0;
            for (int left = ofOne; left > 0; left -= most) {
                int count = Math.min(left, most);
                followers().forEach(follower -> follower.write("open " + count));
                if (left == ofOne && isPlain) {
                    leader().write("meet"); // the two hand each other over what they open
                }
                nanos += most("open ");
            }
            if (!isPlain) {
                leader().write("meet");
            }
            return (nanos + Long.parseLong(leader().expect("met "))) / 1e3;
        }

        private long most(String word) throws InterruptedException {
            long most = 0;
            for (ChildProcess follower : followers()) {
                most = Math.max(most, Long.parseLong(follower.expect(word)));
            }
            return most;
        }

        /// Sends so many bursts, each received before the next.
        ///
        /// @return the microseconds of the sending thread for a message
        double micros(int messages, int bursts) throws InterruptedException {
            long nanos = 0;
            for (int i = 0; i < bursts; i++) {
                leader().write("send " + messages);
                nanos += Long.parseLong(leader().expect("cpu "));
                followers().forEach(follower -> follower.write("receive " + messages));
                for (ChildProcess follower : followers()) {
                    String _ = follower.expect("received");
                }
            }
            return nanos / 1e3 / messages / bursts;
        }

        List<Footprint> footprints() throws InterruptedException {
            List<Footprint> footprints = new ArrayList<>();
            for (ChildProcess process : processes) {
                process.write("footprint");
                footprints.add(Footprint.parse(process.expect("")));
            }
            return footprints;
        }

        /// The leader last: it removes the directory in which the others are.
        @Override
        public void close() {
            processes.reversed().subList(0, Math.max(0, processes.size() - 1)).parallelStream()
                    .forEach(ChildProcess::close);
            processes.stream().limit(1).forEach(ChildProcess::close);
        }
    }
}
