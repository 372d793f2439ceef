package dev.ipcchannel.examples.words;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The words found in the files, and the files that were not counted. One thread uses it.
final class Tally {

    private final Map<String, Long> words = new HashMap<>();
    private final Map<String, String> failures = new TreeMap<>(); // by path
    private int counted;

    /// Adds the words of a file.
    void counted(Map<String, Integer> wordsOfFile) {
        counted++;
        wordsOfFile.forEach((word, times) -> words.merge(word, (long) times, Long::sum));
    }

    /// Adds a file, or a folder of files, that was not counted, with the reason.
    void failed(String path, String reason) {
        failures.put(path, reason);
    }

    int counted() {
        return counted;
    }

    Map<String, String> failures() {
        return failures;
    }

    /// The number of settled paths.
    int settled() {
        return counted + failures.size();
    }

    long words() {
        return words.values().stream().mapToLong(Long::longValue).sum();
    }

    int differentWords() {
        return words.size();
    }

    /// The most frequent words; words of equal frequency are in alphabetical order.
    List<Map.Entry<String, Long>> top(int number) {
        return words.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(number).toList();
    }
}
