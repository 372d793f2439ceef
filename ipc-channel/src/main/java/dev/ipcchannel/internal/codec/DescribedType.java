package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.base.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A type as its description has it, for a comparison with another one.
///
/// @param name what stands before the parts: `list`, `sealed`, `f64`; empty for a record
/// @param parts by their names; arguments in angle brackets and elements by their number
/// @param text of which the part from `from` to `to` is this type: no copy, or each level of types
/// inside of types would have one
record DescribedType(String name, Map<String, DescribedType> parts, String text, int from,
        int to) {

    private static final int MAX_DIFFERENCES = 5;
    private static final int MAX_CHARS = 100_000;

    /// Understands what it can: a text that is no description becomes one type of that name.
    static DescribedType parse(String text) {
        if (text.length() > MAX_CHARS) {
            return unknown(text);
        }
        try {
            return new DescriptionParser(text).parse();
        } catch (IllegalArgumentException _) { // from another process, or of another version
            return unknown(text);
        }
    }

    private static DescribedType unknown(String text) {
        return new DescribedType(text, Map.of(), text, 0, text.length());
    }

    private boolean isSaidAs(DescribedType other) {
        return to - from == other.to - other.from
                && text.regionMatches(from, other.text, other.from, to - from);
    }

    private String shown() {
        return Printable.brief(text.substring(from, to));
    }

    private boolean hasNamedParts() {
        return name.isEmpty() || name.equals("sealed");
    }

    /// Adds what differs to `differences`.
    ///
    /// @param path of this type, empty at the top
    void compare(DescribedType there, String path, List<String> differences) {
        if (isSaidAs(there) || differences.size() >= MAX_DIFFERENCES) {
            return;
        }
        boolean isSameKind = name.equals(there.name)
                && (hasNamedParts() || parts.keySet().equals(there.parts.keySet()));
        if (!isSameKind || parts.isEmpty() || there.parts.isEmpty()) {
            differences.add(field(path) + both(this, there));
            return;
        }
        int before = differences.size();
        compareParts(there, path, differences);
        if (differences.size() == before) {
            differences.add(field(path) + "another order of the same parts");
        }
        keepFirst(differences);
    }

    private void compareParts(DescribedType there, String path, List<String> differences) {
        Map<String, DescribedType> theirs = new LinkedHashMap<>(there.parts);
        for (Map.Entry<String, DescribedType> mine : parts.entrySet()) {
            if (differences.size() > MAX_DIFFERENCES) {
                return;
            }
            String inner = step(path, mine.getKey());
            DescribedType other = theirs.remove(mine.getKey());
            if (other == null) {
                differences.add(field(inner) + "only here");
            } else {
                mine.getValue().compare(other, inner, differences);
            }
        }
        for (String extra : theirs.keySet()) {
            if (differences.size() > MAX_DIFFERENCES) {
                return;
            }
            differences.add(field(step(path, extra)) + "only there");
        }
    }

    private static void keepFirst(List<String> differences) {
        while (differences.size() > MAX_DIFFERENCES) {
            differences.removeLast();
        }
    }

    private String step(String path, String part) {
        String step =
                hasNamedParts() ? Printable.brief(part)
                        : "[" + (parts.size() > 1 ? part : "") + "]";
        return path.isEmpty() || step.startsWith("[") ? path + step : path + "." + step;
    }

    private static String field(String path) {
        return path.isEmpty() ? "" : "field " + path + ": ";
    }

    static String both(DescribedType here, DescribedType there) {
        return here.shown() + " here, " + there.shown() + " there";
    }

    /// A type that has a name for each of its parts only by their number.
    static DescribedType numbered(String name, List<DescribedType> parts, String text, int from,
            int to) {
        Map<String, DescribedType> numbered = new LinkedHashMap<>();
        for (DescribedType part : new ArrayList<>(parts)) {
            numbered.put(Integer.toString(numbered.size()), part);
        }
        return new DescribedType(name, numbered, text, from, to);
    }
}
