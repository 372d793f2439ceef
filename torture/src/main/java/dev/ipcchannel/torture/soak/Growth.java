package dev.ipcchannel.torture.soak;

import dev.ipcchannel.torture.Budget;
import dev.ipcchannel.torture.Findings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/// The footprints of one process over time: its resources at the end must be those at the start.
final class Growth {

    private static final int PARTS = 3; // the first is compared with the last
    private static final long MEBI = 1 << 20;
    // Samples see the traffic at different moments, with more or fewer channels and sleepers.
    private static final long DESCRIPTORS = 40;
    private static final long MAPPINGS = 30;
    private static final long THREADS = 20;
    private static final long HEAP = 8 * MEBI;
    private static final long RESIDENT = 48 * MEBI;
    // Compilers and the collector need time until their memory is steady.
    private static final Duration WARM = Duration.ofMinutes(3);

    private final String process;
    private final Findings findings;
    private final List<Footprint> moments = new ArrayList<>();

    Growth(String process, Findings findings) {
        this.process = process;
        this.findings = findings;
    }

    void add(Footprint moment) {
        moments.add(moment);
    }

    /// Compares the first third of the time with the last.
    void check(Budget budget) {
        int part = moments.size() / PARTS;
        if (part == 0) {
            findings.fault("there were too few samples of %s: %d".formatted(process,
                    moments.size()));
            return;
        }
        check("descriptors", Footprint::descriptors, DESCRIPTORS, part);
        check("mappings", Footprint::mappings, MAPPINGS, part);
        check("threads", Footprint::threads, THREADS, part);
        if (moments.getFirst().heap() > 0) { // it is known of this process alone
            check("heap", Footprint::heap, HEAP, part);
        }
        if (budget.time().compareTo(WARM) < 0) {
            findings.leftOut("resident memory", "a JVM needs some minutes to come to rest");
        } else {
            check("resident memory", Footprint::resident, RESIDENT, part);
        }
    }

    private void check(String what, ToLongFunction<Footprint> number, long tolerance, int part) {
        long first = Footprint.median(moments.subList(0, part), number);
        long last = Footprint.median(moments.subList(moments.size() - part, moments.size()),
                number);
        findings.count("%s: %s at first".formatted(process, what), first);
        findings.count("%s: %s at last".formatted(process, what), last);
        if (last - first > tolerance) {
            findings.fault("%s of %s grew from %d to %d over %d samples, tolerance=%d".formatted(
                    what, process, first, last, moments.size(), tolerance));
        }
    }
}
