package dev.ipcchannel.child;

import dev.ipcchannel.ChildFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A limit of the memory that a child and all that it starts may use, with its parts for the areas
/// of a JVM. They leave 18 MiB, and a part of larger limits, for what has no limit of its own:
/// stacks, the collector's tables, native libraries.
///
/// ```text
///     limit    heap   direct   metaspace   code      of which a JVM with a full heap and full
///     64       20     4        14          8         direct memory used (MiB):   56
///     128      74     8        18          10                                    112
///     256      182    16       26          14                                    215
///     1024     830    64       74          38                                    700
///     4096     3358   256      266         134                                   3627
/// ```
///
/// @param bytes of the limit
record MemoryLimit(long bytes) {

    static final long MIB = 1 << 20;

    private static final long LEAST_OF_JVM = 64 * MIB;
    private static final long LEAST = MIB;
    // Above it the JVM chooses the collector itself, as it does on any machine.
    private static final long LARGE = 1792 * MIB;
    // What a JVM uses beside its heap and direct memory.
    private static final long LEAST_REST = 24 * MIB;

    private static final Pattern HEAP =
            Pattern.compile("-(?:Xmx|XX:MaxHeapSize=)(\\d+)([kKmMgGtT]?)");
    private static final Pattern DIRECT =
            Pattern.compile("-XX:MaxDirectMemorySize=(\\d+)([kKmMgGtT]?)");
    private static final String UNITS = " kmgt";
    private static final int UNIT_BITS = 10;
    private static final int MAX_DIGITS = 15;

    /// @throws IllegalArgumentException if it is less than such a child needs
    static MemoryLimit of(long bytes, boolean isJvm) {
        long least = isJvm ? LEAST_OF_JVM : LEAST;
        if (bytes < least) {
            throw new IllegalArgumentException(
                    ("%s needs at least %d MiB: memoryLimit=%d, limit=%d:"
                            + " give it more").formatted(isJvm ? "a child JVM" : "a child",
                                    least / MIB,
                                    bytes, least));
        }
        return new MemoryLimit(bytes);
    }

    /// The options of a JVM, to be followed by the user's, which override them.
    ///
    /// @param users the user's options
    /// @param variables the user's variables
    List<String> options(List<String> users, Map<String, String> variables) {
        List<String> options = new ArrayList<>();
        long rest = 34 * MIB + 5 * (bytes / 32) + (bytes >= LARGE ? bytes / 64 : 0);
        if (users.stream().noneMatch(option -> option.contains("RAM"))) { // -XX:MaxRAMPercentage
            options.add("-Xmx" + (bytes - rest) / MIB + "m");
        }
        options.add("-XX:MaxDirectMemorySize=" + bytes / 16 / MIB + "m");
        options.add("-XX:MaxMetaspaceSize=" + (10 + bytes / 16 / MIB) + "m");
        options.add("-XX:ReservedCodeCacheSize="
                + Math.min(240, 6 + bytes / 32 / MIB) + "m"); // 240 is the JVM's own
        if (bytes < LARGE && !isCollectorChosen(users, variables)) {
            options.add("-XX:+UseSerialGC"); // it needs the least memory
        }
        return options;
    }

    /// Whether another collector is chosen: a JVM does not start with two.
    private static boolean isCollectorChosen(List<String> users, Map<String, String> variables) {
        List<String> words = new ArrayList<>(users);
        for (String name : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")) {
            String own = variables.get(name);
            String value = own == null ? System.getenv(name) : own;
            words.add(value == null ? "" : value);
        }
        return words.stream().anyMatch(
                word -> word.contains("GC") || word.contains("-XX:Flags=") || word.startsWith("@"));
    }

    /// Refuses options of a JVM that leave no room within the limit.
    ///
    /// @throws ChildFailed with the options and the limit
    void check(List<String> options) {
        long heap = last(options, HEAP);
        long direct = last(options, DIRECT);
        if (heap + direct > bytes - LEAST_REST) {
            throw new ChildFailed(("the child cannot be started: its heap and direct memory do not"
                    + " fit in its limit, of which a JVM needs %d MiB for the rest: heap=%d,"
                    + " direct=%d, memoryLimit=%d: raise memoryLimit, or lower heap,"
                    + " -Xmx or -XX:MaxDirectMemorySize").formatted(LEAST_REST / MIB, heap, direct,
                            bytes));
        }
    }

    /// The bytes in the last option of a kind; 0 if there is none.
    private static long last(List<String> options, Pattern kind) {
        long bytes = 0;
        for (String option : options) {
            Matcher found = kind.matcher(option);
            if (found.matches() && found.group(1).length() <= MAX_DIGITS) {
                int unit = found.group(2).isEmpty() ? 0
                        : UNITS.indexOf(found.group(2).toLowerCase(Locale.ROOT));
                bytes = Long.parseLong(found.group(1)) << (UNIT_BITS * unit);
            }
        }
        return bytes;
    }

    @Override
    public String toString() {
        return Long.toString(bytes);
    }
}
