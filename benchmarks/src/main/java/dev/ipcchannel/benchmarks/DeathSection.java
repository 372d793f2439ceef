package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.Mourner;
import java.util.List;

/// The time until a JVM learns that its child was killed.
final class DeathSection {

    private static final double PROMISE_MILLIS = 100;

    private DeathSection() {}

    static void run(Machine machine, Report report, int children) throws InterruptedException {
        report.section("Notice of death",
                "SIGKILL of a child JVM until the parent has Disconnected; %d children each."
                        .formatted(children));
        report.columns("p50 ms", "max ms", "");
        measure(machine, report, children, "asleep in receive", List.of("receive", "HYBRID"));
        measure(machine, report, children, "spinning in receive", List.of("receive", "SPIN"));
        measure(machine, report, children, "asleep in send, ring full", List.of("send", "HYBRID"));
    }

    private static void measure(Machine machine, Report report, int children, String name,
            List<String> waiting)
            throws InterruptedException {
        List<String> arguments = List.of(waiting.get(0), waiting.get(1), String.valueOf(children));
        double[] millis = new double[children];
        try (ChildProcess mourner =
                ChildProcess.start(machine.measuredJvm(List.of(), Mourner.class, arguments))) {
            for (int i = 0; i < children; i++) {
                millis[i] = Long.parseLong(mourner.expect("nanos ")) / 1e6;
            }
            mourner.expect("done");
        }
        Spread spread = Spread.of(millis);
        String aim = "notice of death, %s, max ms: <= 100".formatted(name);
        report.row(name, "%.1f".formatted(spread.median()), "%.1f".formatted(spread.max()), "",
                "<= 100 ms: " + report.judge(aim, "%.1f".formatted(spread.max()),
                        spread.max() <= PROMISE_MILLIS));
    }
}
