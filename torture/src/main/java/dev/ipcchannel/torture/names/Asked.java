package dev.ipcchannel.torture.names;

/// A question of this storm.
///
/// @param caller the number of its line
/// @param number which of its questions this is
/// @param micros how long the handler takes
/// @param fails whether the handler is to fail
record Asked(int caller, long number, int micros, boolean fails) {

    private static final long ODD = 0x9E37_79B9_7F4A_7C15L; // scrambles

    /// The answer.
    long answer() {
        return ((long) caller << Integer.SIZE | number) * ODD;
    }
}
