package dev.ipcchannel.benchmarks;

/// The time that measuring gets.
///
/// @param rounds turns of each contender
/// @param sliceMillis length of a turn
/// @param warmUpMillis what runs before the first turn and is not counted
/// @param capacity of our rings, in bytes
/// @param count of what is made or done so many times: channels one after the other, to see whether
/// they leave something over; files
record Pace(int rounds, long sliceMillis, long warmUpMillis, int capacity, int count) {

    private static final int LONG = 16;
    private static final int STEADY = 20;

    /// The pace of long ways that are gone rarely: a JVM has compiled them only after many times
    /// the usual warm-up.
    Pace withLongWarmUp() {
        return new Pace(rounds, sliceMillis, LONG * warmUpMillis, capacity, count);
    }

    /// The longest that a contender whose rate still rises is warmed up.
    long mostWarmUpMillis() {
        return STEADY * warmUpMillis;
    }

    /// The pace of numbers that no aim depends on.
    Pace brief() {
        return new Pace(rounds, Math.max(1, sliceMillis / 6), warmUpMillis / 2, capacity, count);
    }
}
