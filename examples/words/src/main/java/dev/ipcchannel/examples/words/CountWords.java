package dev.ipcchannel.examples.words;

/// A job for a worker: the words of one file.
///
/// @param file its path
/// @param attempt counts from 1 on. It makes a job that is given to the set again another one: the
/// set refuses those that are equal to a job with which two workers have died
record CountWords(String file, int attempt) {

    CountWords again() {
        return new CountWords(file, attempt + 1);
    }
}
