package dev.ipcchannel.internal.base;

import java.time.Duration;
import java.util.Locale;

/// A time for a person: `58.7 ms`, `2 s`.
public final class ShownTime {

    private static final double NANOS = 1e9; // of a second

    private ShownTime() {}

    /// The time in the unit that it is some of, to three digits.
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

    private static String digits(double number) {
        double size = Math.abs(number);
        int places = size >= 100 ? 0 : size >= 10 ? 1 : 2;
        String text = String.format(Locale.ROOT, "%." + places + "f", number);
        return places == 0 ? text : text.replaceFirst("\\.?0+$", "");
    }
}
