package dev.ipcchannel.child;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A share of the machine's memory, or of the container's, for the heap of each of several JVMs of
/// one kind: half of the memory for all of them together, and no more for each than a JVM takes by
/// itself, which is a quarter.
///
/// @param jvms how many there are
record HeapShare(int jvms) {

    private static final double ALL_PERCENT = 50;
    private static final double JVMS_OWN_PERCENT = 25;

    /// A JVM that stands alone.
    static final HeapShare WHOLE = new HeapShare(1);

    /// The options of one of them, to be followed by the user's, of which `-Xmx` and others of the
    /// heap's size override these.
    ///
    /// @param variables the user's: a share in one of them counts, although options override it
    List<String> options(Map<String, String> variables) {
        double percent = ALL_PERCENT / Math.max(1, jvms);
        return percent >= JVMS_OWN_PERCENT
                || variables.values().stream().anyMatch(value -> value.contains("RAMPercentage"))
                        ? List.of()
                        : List.of(String.format(Locale.ROOT, "-XX:MaxRAMPercentage=%.3f", percent));
    }
}
