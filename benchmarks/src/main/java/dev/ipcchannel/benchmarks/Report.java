package dev.ipcchannel.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// The report that the reader sees: facts, tables, and in the end the aims.
final class Report {

    private static final String ROW = "  %-34s %9s %9s  %-20s %s%n";

    private final PrintStream out;
    private final List<String> verdicts = new ArrayList<>();

    Report(PrintStream out) {
        this.out = out;
    }

    /// A line of the head.
    void fact(String name, String text) {
        out.printf("%-10s %s%n", name, text);
    }

    /// The head of a section: what is measured, said before any number.
    void section(String title, String scenario) {
        out.printf("%n%s%n  %s%n", title, scenario);
    }

    /// The names of a table's columns.
    void columns(String first, String second, String ratio) {
        out.printf(ROW, "", first, second, ratio, "aim");
    }

    /// A row of a table.
    void row(String name, String first, String second, String ratio, String aim) {
        out.printf(ROW.stripTrailing(), name, first, second, ratio, aim);
        out.flush();
    }

    /// A line of text inside a section.
    void line(String text) {
        out.println("  " + text);
    }

    /// Notes whether an aim is met, for the end, and gives the words for the row.
    String judge(String aim, String shown, boolean isMet) {
        String verdict = isMet ? "met" : "MISSED";
        verdicts.add("%-58s %-10s %s".formatted(aim, shown, verdict));
        return verdict;
    }

    /// The end: every aim once more.
    void summary(long millis) {
        out.printf("%nAims, each by the median of its pairs%n");
        verdicts.forEach(this::line);
        out.printf("%n%.0f s in all%n", millis / 1e3);
    }
}
