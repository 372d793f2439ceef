package dev.ipcchannel.child;

import dev.ipcchannel.ChildFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    private static final int DIRECT_PART = 16; // of the limit, as the next ones
    private static final int METASPACE_PART = 16;
    private static final int CODE_PART = 32;
    private static final int LARGE_NATIVE_PART = 64;
    private static final int LEAST_METASPACE = 10; // MiB, as the next ones
    private static final int LEAST_CODE = 6;
    private static final int NATIVE = 18; // what has no limit of its own
    private static final int JVMS_OWN_CODE = 240;
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
    List<String> options(UserOptions users) {
        List<String> options = new ArrayList<>();
        long direct = bytes / DIRECT_PART / MIB;
        long metaspace = LEAST_METASPACE + bytes / METASPACE_PART / MIB;
        long code = LEAST_CODE + bytes / CODE_PART / MIB;
        if (!users.haveShare()) {
            long rest = (LEAST_METASPACE + LEAST_CODE + NATIVE) * MIB + bytes / DIRECT_PART
                    + bytes / METASPACE_PART + bytes / CODE_PART
                    + (bytes >= LARGE ? bytes / LARGE_NATIVE_PART : 0);
            options.add("-Xmx" + (bytes - rest) / MIB + "m");
        }
        options.add("-XX:MaxDirectMemorySize=" + direct + "m");
        options.add("-XX:MaxMetaspaceSize=" + metaspace + "m");
        options.add("-XX:ReservedCodeCacheSize=" + Math.min(JVMS_OWN_CODE, code) + "m");
        if (bytes < LARGE && !users.mayHaveCollector()) {
            options.add("-XX:+UseSerialGC"); // it needs the least memory
        }
        return options;
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
