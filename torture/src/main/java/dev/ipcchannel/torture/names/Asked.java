package dev.ipcchannel.torture.names;

/// A question of this storm.
///
/// @param caller the number of the caller's line
/// @param number the number among the caller's questions
/// @param micros the duration of the handler
/// @param fails whether the handler is to fail
record Asked(int caller, long number, int micros, boolean fails) {

    private static final long ODD = 0x9E37_79B9_7F4A_7C15L; // scrambles

    /// The expected answer.
    long answer() {
        return ((long) caller << Integer.SIZE | number) * ODD;
    }
}
