package dev.ipcchannel.examples.cluster;

/// A job for a node: the words of one text. The text travels, because the machines of a cluster
/// have no files in common.
///
/// @param file where the text is from
/// @param text the text itself
/// @param attempt counts from 1. It makes a job that is given again differ from the first: the set
/// of a node refuses jobs that are equal to a job with which two workers have died
record CountText(String file, String text, int attempt) {

    /// The longest text of a job, in bytes: the servers take messages of 1 MiB.
    static final int MAX_LENGTH = 1_000_000;

    CountText again() {
        return new CountText(file, text, attempt + 1);
    }
}
