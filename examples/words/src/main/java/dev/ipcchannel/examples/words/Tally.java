package dev.ipcchannel.examples.words;

import java.io.PrintStream;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// The words found in the files, and the files that were not counted. One thread uses it.
public final class Tally {

    private static final int TOP = 10;

    private final Map<String, Long> words = new HashMap<>();
    private final Map<String, String> failures = new TreeMap<>(); // by path
    private int counted;

    /// Adds the words of a file.
    public void counted(Map<String, Integer> wordsOfFile) {
        counted++;
        wordsOfFile.forEach((word, times) -> words.merge(word, (long) times, Long::sum));
    }

    /// Adds a file, or a folder of files, that was not counted, with the reason.
    public void failed(String path, String reason) {
        failures.put(path, reason);
    }

    /// The number of counted files.
    public int counted() {
        return counted;
    }

    /// The reasons why paths were not counted, by path.
    public Map<String, String> failures() {
        return failures;
    }

    /// The number of settled paths.
    public int settled() {
        return counted + failures.size();
    }

    /// Prints the most frequent words, those of equal frequency in alphabetical order, and how many
    /// words there are.
    public void printWords(PrintStream out) {
        words.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(TOP)
                .forEach(word -> out.printf("%9d  %s%n", word.getValue(), word.getKey()));
        out.printf("%9d  words, %d different ones%n",
                words.values().stream().mapToLong(Long::longValue).sum(), words.size());
    }

    /// Prints what has become of the files.
    ///
    /// @param found the number of all of them
    public void printFiles(int found, PrintStream out) {
        out.printf("Files: %d found = %d counted + %d not counted%n", found, counted,
                failures.size());
    }
}
