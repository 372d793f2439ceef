package dev.ipcchannel.internal.base;

import java.time.Duration;

/// The text of a time for people: `58.7 ms`, `2 s`.
public final class ShownTime {

    private static final double NANOS = 1e9; // of a second

    private ShownTime() {}

    /// The time, to three digits, in the largest unit of which it has at least one.
    public static String of(Duration time) {
        double seconds = time.getSeconds() + time.getNano() / NANOS;
        double size = Math.abs(seconds);
        if (size >= 1 || size == 0) {
            return digits(seconds) + " s";
        }
        if (size >= 1e-3) {
            return digits(seconds * 1e3) + " ms";
        }
        return size >= 1e-6 ? digits(seconds * 1e6) + " us" : digits(seconds * 1e9) + " ns";
    }

    /// The number to three digits. No formatter: the first use of one in a JVM loads classes, for
    /// which a full heap may have no room.
    private static String digits(double number) {
        double size = Math.abs(number);
        int scale = size >= 100 ? 1 : size >= 10 ? 10 : 100;
        long rounded = Math.round(size * scale);
        String whole = (number < 0 ? "-" : "") + rounded / scale;
        long rest = rounded % scale;
        if (rest == 0) {
            return whole;
        }
        String places = rest * 10 < scale ? "0" + rest : String.valueOf(rest);
        return whole + "." + (scale == 100 && rest % 10 == 0 ? places.substring(0, 1) : places);
    }
}
