package dev.ipcchannel.child;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The options of a JVM that a user has given: those of its plan, and those in the variables that a
/// JVM reads, of the plan or of this process.
///
/// @param options of the plan
/// @param variables of the plan
record UserOptions(List<String> options, Map<String, String> variables) {

    private static final List<String> VARIABLES =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS");

    private static final Pattern HEAP = Pattern.compile("-Xm[xsn]"
            + "|-XX:(?:Max|SoftMax|Initial|Min)HeapSize=|-XX:(?:Max)?NewSize=");
    private static final Pattern SHARE =
            Pattern.compile("-XX:(?:Max|Min)RAM(?:Percentage|Fraction)?=");
    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC\\b");
    private static final Pattern FILE = Pattern.compile("-XX:Flags=|-XX:VMOptionsFile=");

    /// Whether they set the heap or a part of it, by a size or as a share of the memory.
    boolean haveHeap() {
        return all().stream().anyMatch(words -> HEAP.matcher(words).find() || isShare(words));
    }

    /// Whether those of the plan set the heap as a share of the memory.
    boolean haveShare() {
        return options.stream().anyMatch(UserOptions::isShare);
    }

    private static boolean isShare(String words) {
        return SHARE.matcher(words).find();
    }

    /// Whether they may choose a collector: a JVM does not start with two.
    boolean mayHaveCollector() {
        return all().stream().anyMatch(words -> COLLECTOR.matcher(words).find()
                || FILE.matcher(words).find() || words.startsWith("@"));
    }

    private List<String> all() {
        List<String> words = new ArrayList<>(options);
        for (String name : VARIABLES) {
            String own = variables.get(name);
            String value = own == null ? System.getenv(name) : own;
            words.add(value == null ? "" : value);
        }
        return words;
    }
}
