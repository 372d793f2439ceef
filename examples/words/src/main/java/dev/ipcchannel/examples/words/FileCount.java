package dev.ipcchannel.examples.words;

import java.util.Map;

/// The answer of a worker.
sealed interface FileCount {

    /// The words of the file, and how often each is in it.
    record Counted(Map<String, Integer> words) implements FileCount {}

    /// The file could not be read, for that reason.
    record Unreadable(String reason) implements FileCount {}
}
