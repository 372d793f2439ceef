package dev.ipcchannel.testing.children;

/// A job that is counted when it begins, see [DeedChild]; its number is its answer.
///
/// @param number of the job, from 0
/// @param micros how long it takes
public record Deed(int number, int micros) {}
