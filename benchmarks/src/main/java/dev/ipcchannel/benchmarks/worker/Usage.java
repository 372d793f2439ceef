package dev.ipcchannel.benchmarks.worker;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The counts of what jobs have cost all processes that had to do with them: numbers that the
/// machine's noise hardly touches. Travels as a line of text.
///
/// @param jobs how many were done
/// @param nanos processor time
/// @param switches how often a thread has gone to sleep by itself
/// @param bells how often a sleeping process was woken through a ring; 0 where there are none
public record Usage(long jobs, long nanos, long switches, long bells) {

    /// Nothing.
    public static final Usage NONE = new Usage(0, 0, 0, 0);

    private static final Pattern LINE =
            Pattern.compile("usage jobs=(\\d+) nanos=(\\d+) switches=(\\d+) bells=(\\d+)");

    /// Reads what [#line] wrote.
    public static Usage parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not what jobs have cost: " + line);
        }
        return new Usage(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3)), Long.parseLong(matcher.group(4)));
    }

    String line() {
        return "usage jobs=%d nanos=%d switches=%d bells=%d".formatted(jobs, nanos, switches,
                bells);
    }

    /// Both together.
    public Usage plus(Usage other) {
        return new Usage(jobs + other.jobs, nanos + other.nanos, switches + other.switches,
                bells + other.bells);
    }
}
