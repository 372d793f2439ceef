package dev.ipcchannel.examples.words;

/// A job for a worker: the words of one file.
///
/// @param file its path
/// @param attempt counts from 1. It makes a repeated job differ from the first: the set refuses
/// jobs that are equal to a job with which two workers have died
record CountWords(String file, int attempt) {

    CountWords again() {
        return new CountWords(file, attempt + 1);
    }
}
