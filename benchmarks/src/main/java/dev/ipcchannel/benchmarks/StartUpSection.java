package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.Hello;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// From `scripts/demo` to its last line, beside two JVMs that say hello one after the other.
///
/// The split comes from the moments at which the demo's lines arrive here.
final class StartUpSection {

    private static final double AIM = 6;

    /// A part of the demo: up to the line that starts so, the first or the last such line.
    private record Part(String name, String line, boolean isLast) {}

    private static final List<Part> PARTS = List.of(
            new Part("script, parent JVM up to main", "Parent process started", false),
            new Part("server open", "One Shot Server name - Parent:", false),
            new Part("child spawned", "Child process ID:", false),
            new Part("child JVM up to main", "Child process started", false),
            new Part("connect, accept, first answer", "Received from child:", false),
            new Part("two more messages", "Received from child:", true),
            new Part("quit, child's end, its output", "", true));

    private StartUpSection() {}

    static void run(Machine machine, Report report, int rounds) throws InterruptedException {
        report.section("Start-up",
                "scripts/demo, already built, to its last line; two bare hello JVMs, one after the "
                        + "other, to their end.");
        Path demo = machine.checkout().resolve("scripts/demo");
        Path parent = machine.checkout().resolve("parent-app/target/parent-app.jar");
        if (!Files.isExecutable(demo) || !Files.exists(parent)) {
            report.line("not measured: not built: " + (Files.isExecutable(demo) ? parent : demo));
            return;
        }
        double[] ratios = new double[rounds];
        double[] demos = new double[rounds];
        double[] hellos = new double[rounds];
        double[][] parts = new double[PARTS.size()][rounds];
        demo(demo); // once before, for the caches
        for (int round = 0; round < rounds; round++) {
            hellos[round] = hello(machine) + hello(machine);
            double[] moments = demo(demo);
            for (int part = 0; part < parts.length; part++) {
                parts[part][round] = moments[part] - (part == 0 ? 0 : moments[part - 1]);
            }
            demos[round] = moments[parts.length - 1];
            ratios[round] = demos[round] / hellos[round];
        }
        print(report, Spread.of(ratios), Spread.of(demos), Spread.of(hellos), parts);
    }

    private static void print(Report report, Spread ratio, Spread demo, Spread hello,
            double[][] parts) {
        report.columns("ms", "max ms", "times two hellos");
        report.row("two hello JVMs", "%.0f".formatted(hello.median()),
                "%.0f".formatted(hello.max()), "1", "");
        report.row("scripts/demo", "%.0f".formatted(demo.median()), "%.0f".formatted(demo.max()),
                ratio.asRatio(),
                "<= 6: " + report.judge("start-up, times two hello JVMs: <= 6",
                        "%.2f".formatted(ratio.median()), ratio.median() <= AIM));
        for (int part = 0; part < parts.length; part++) {
            Spread spread = Spread.of(parts[part]);
            report.row("  " + PARTS.get(part).name(), "%.0f".formatted(spread.median()),
                    "%.0f".formatted(spread.max()), "", "");
        }
    }

    /// Runs a JVM that says hello, from its start to its end, in milliseconds.
    static double hello(Machine machine) throws InterruptedException {
        try {
            String classes =
                    Path.of(Hello.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                            .toString();
            long start = System.nanoTime();
            Process process =
                    new ProcessBuilder(machine.java(), "-cp", classes, Hello.class.getName())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            if (process.waitFor() != 0) {
                throw new BenchFailure("hello failed: exit code=" + process.exitValue());
            }
            return (System.nanoTime() - start) / 1e6;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// Runs the demo.
    ///
    /// @return the milliseconds from its start to the end of each part
    private static double[] demo(Path script) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        List<Double> moments = new ArrayList<>();
        try {
            long start = System.nanoTime();
            Process process = new ProcessBuilder(script.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            try (BufferedReader output = process.inputReader()) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    moments.add((System.nanoTime() - start) / 1e6);
                    lines.add(line);
                }
            }
            if (process.waitFor() != 0) {
                throw new BenchFailure("scripts/demo failed: exit code=" + process.exitValue());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return PARTS.stream().mapToDouble(part -> moments.get(find(part, lines))).toArray();
    }

    private static int find(Part part, List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            int index = part.isLast() ? lines.size() - 1 - i : i;
            if (lines.get(index).startsWith(part.line())) {
                return index;
            }
        }
        throw new BenchFailure("scripts/demo did not say a line: " + part.line());
    }
}
