package dev.ipcchannel.torture;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The report for the user: each storm's counts when it has ended, and at the end a table of all
/// storms, with the faults as the last lines.
final class Report {

    private static final String ROW = "%-10s %9s %8s  %s%n";

    private final PrintStream out;
    private final long seed;
    private final List<String> rows = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    Report(PrintStream out, long seed) {
        this.out = out;
        this.seed = seed;
    }

    /// Prints the head of the run.
    void head(String command) {
        out.printf("command    %s%n", command);
        out.printf("seed       %d%n", seed);
        out.printf("machine    %d processors, %s %s, java %s%n",
                Runtime.getRuntime().availableProcessors(), System.getProperty("os.name"),
                System.getProperty("os.version"), System.getProperty("java.vm.version"));
        out.flush();
    }

    /// Prints the begin of a storm.
    void begin(Storm storm, Budget budget) {
        out.printf("%n%s, %d s: %s%n", storm.name(), budget.time().toSeconds(), storm.aim());
        out.flush();
    }

    /// Prints the counts of a storm that has ended, and keeps its row for the table.
    void end(Storm storm, Duration took, Findings findings) {
        findings.counts().forEach((what, times) -> out.printf("  %,14d  %s%n", times, what));
        findings.leftOut().forEach((part, why) -> out.printf("  left out: %s: %s%n", part, why));
        out.printf("  slow calls: %s%n", findings.slowCalls().line());
        out.flush();
        long faultCount = findings.faultCount();
        String omitted = findings.leftOut().isEmpty() ? ""
                : "; left out: " + String.join(", ", findings.leftOut().keySet());
        rows.add(ROW.formatted(storm.name(), took.toSeconds() + " s", faultCount,
                summary(findings) + omitted));
        findings.faults().forEach(fault -> faults.add(storm.name() + ": " + fault));
    }

    private static String summary(Findings findings) {
        int slow = findings.slowCalls().worst().size();
        long hits = findings.counts().values().stream().filter(times -> times > 0).count();
        return "%d of %d counts above zero, slow calls of %d kinds".formatted(hits,
                findings.counts().size(), slow);
    }

    /// Prints the table, and every fault with the command that repeats it.
    void table() {
        out.println();
        out.printf(ROW, "storm", "time", "faults", "what it hit");
        rows.forEach(out::print);
        faults.forEach(fault -> out.println("FAULT: " + fault));
        if (!faults.isEmpty()) {
            out.printf("again: scripts/torture NAME --seed %d%n", seed);
        }
        out.flush();
    }
}
