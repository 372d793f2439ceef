package dev.ipcchannel.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The machine, the JDK, and how processes are started on them.
final class Machine {

    private static final List<String> FIXED_HEAP =
            List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");
    private static final List<String> NATIVE_ACCESS = List.of("--enable-native-access=ALL-UNNAMED");
    private static final int QUIET_MILLIS = 300;
    private static final int NOISY_PERCENT = 5;
    private static final int MOST_LOOKS = 10;

    private final boolean isPinned =
            Runtime.getRuntime().availableProcessors() > 1 && isInstalled("taskset");

    /// The java program of this JDK.
    String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /// The command of a JVM that is measured: of our class path, with a heap that is fixed and
    /// touched beforehand.
    List<String> measuredJvm(List<String> flags, Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(FIXED_HEAP);
        command.addAll(NATIVE_ACCESS);
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return command;
    }

    /// The command, tied to the processor of its role.
    List<String> pinned(Role role, List<String> command) {
        if (!isPinned) {
            return command;
        }
        return Stream.concat(Stream.of("taskset", "-c", processor(role)), command.stream())
                .toList();
    }

    /// Ties a running process, with all its threads, to the processor of its role.
    void pin(Role role, long pid) throws InterruptedException {
        boolean isTied = !isPinned;
        for (int look = 0; look < MOST_LOOKS && !isTied; look++) {
            isTied = tie(role, pid); // not if a thread ends meanwhile
        }
        if (!isTied) {
            throw new BenchFailure("taskset failed: pid=%d, times=%d".formatted(pid, MOST_LOOKS));
        }
    }

    private static boolean tie(Role role, long pid) throws InterruptedException {
        try {
            return new ProcessBuilder("taskset", "-a", "-c", "-p", role.processor(),
                    String.valueOf(pid)).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The number of the processor for a role, or -1 for any.
    String processor(Role role) {
        return isPinned ? role.processor() : "-1";
    }

    /// The directory of this module.
    Path benchmarks() {
        try {
            Path classes = Path
                    .of(Machine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            // From target/benchmarks.jar.
            Path benchmarks = classes.toAbsolutePath().resolve("../..").normalize();
            if (!Files.isDirectory(benchmarks.resolve("src/main/c"))) {
                throw new BenchFailure("not started from a checkout: directory=" + benchmarks);
            }
            return benchmarks;
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// The directory of the checkout.
    Path checkout() {
        return benchmarks().resolve("..").normalize();
    }

    /// What a reader of the numbers has to know.
    void describe(Report report) throws InterruptedException {
        report.fact("machine", "%s, %d processors, %s %s".formatted(processorName(),
                Runtime.getRuntime().availableProcessors(), System.getProperty("os.name"),
                System.getProperty("os.version")));
        report.fact("java", "%s %s".formatted(System.getProperty("java.vendor.version"),
                System.getProperty("java.vm.version")));
        report.fact("processes", isPinned
                ? "pinned: leader on processor 0, follower on processor 1"
                : "not pinned: there is one processor, or no taskset (package util-linux)");
        report.fact("JVMs", String.join(" ", FIXED_HEAP));
        long busy = Math.round(100 * busyShare());
        report.fact("others", "%d %% of the processors in use before the start%s".formatted(busy,
                busy < NOISY_PERCENT ? "" : ": NOT QUIET, the numbers below are worth little"));
    }

    private static String processorName() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst().orElse(System.getProperty("os.arch"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static double busyShare() throws InterruptedException {
        long[] before = jiffies();
        Thread.sleep(QUIET_MILLIS);
        long[] after = jiffies();
        return 1 - (double) (after[1] - before[1]) / Math.max(1, after[0] - before[0]);
    }

    /// All processors' clock ticks so far: of everything, and of idleness.
    private static long[] jiffies() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            // Cpu user nice system idle iowait ….
            String[] fields = lines.findFirst().orElseThrow().split(" +", -1);
            long all = Stream.of(fields).skip(1).limit(8).mapToLong(Long::parseLong).sum();
            return new long[]{all, Long.parseLong(fields[4]) + Long.parseLong(fields[5])};
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Whether a program is on the path.
    static boolean isInstalled(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
