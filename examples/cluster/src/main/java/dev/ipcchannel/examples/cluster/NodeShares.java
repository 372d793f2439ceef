package dev.ipcchannel.examples.cluster;

import java.util.Map;
import java.util.TreeMap;

/// The number of files that each node has counted. One thread uses it.
final class NodeShares {

    private final Map<String, Integer> files = new TreeMap<>(); // by host and process

    void counted(TextCount answer) {
        files.merge("%s-%d".formatted(answer.host(), answer.node()), 1, Integer::sum);
    }

    /// How many files the nodes of a process number have counted.
    int of(long pid) {
        return files.entrySet().stream()
                .filter(share -> share.getKey().endsWith("-" + pid))
                .mapToInt(Map.Entry::getValue).sum();
    }

    /// By host and process number.
    Map<String, Integer> all() {
        return files;
    }
}
