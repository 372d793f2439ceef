package dev.ipcchannel.examples.words;

import java.util.Map;

/// The answer of a worker.
sealed interface FileCount {

    /// An answer with the words of the file, and how often each is in it.
    record Counted(Map<String, Integer> words) implements FileCount {}

    /// An answer that the file could not be read, with the reason.
    record Unreadable(String reason) implements FileCount {}
}
