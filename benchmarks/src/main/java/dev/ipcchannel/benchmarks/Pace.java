package dev.ipcchannel.benchmarks;

/// How much time measuring gets.
///
/// @param rounds turns of each contender
/// @param sliceMillis length of a turn
/// @param warmUpMillis what runs before the first turn and is not counted
/// @param capacity of our rings, in bytes
/// @param channels made one after the other, to see whether they leave something behind
record Pace(int rounds, long sliceMillis, long warmUpMillis, int capacity, int channels) {

    private static final int LONG = 16;

    /// The pace of long ways that are gone rarely: a JVM has compiled them only after many times
    /// the usual warm-up.
    Pace withLongWarmUp() {
        return new Pace(rounds, sliceMillis, LONG * warmUpMillis, capacity, channels);
    }

    /// The pace of numbers that no aim depends on.
    Pace brief() {
        return new Pace(rounds, Math.max(1, sliceMillis / 6), warmUpMillis / 2, capacity, channels);
    }
}
