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

    /// Stands where a description was cut.
    static final String CUT = "…";

    private static final int MAX_CHARS = 100_000;
    private static final int MAX_SHOWN = 200; // more than a person is shown

    /// Understands what it can: a text that is no description becomes one type of that name.
    static DescribedType parse(String text) {
        if (text.length() > MAX_CHARS) {
            return unknown(text);
        }
        try {
            return new DescriptionParser(CutDescription.closed(text)).parse();
        } catch (IllegalArgumentException _) { // from another process, or of another version
            return unknown(text);
        }
    }

    private static DescribedType unknown(String text) {
        return new DescribedType(text, Map.of(), text, 0, text.length());
    }

    boolean isSaidAs(DescribedType other) {
        return to - from == other.to - other.from
                && text.regionMatches(from, other.text, other.from, to - from);
    }

    /// The text of this type alone.
    String description() {
        return text.substring(from, to);
    }

    /// For a person, by the names that Java has.
    String shown() {
        boolean isComponent = from > 0 && text.charAt(from - 1) == ':';
        String beginning = text.substring(from, Math.min(to, from + MAX_SHOWN));
        return Printable.brief(JavaNames.of(beginning, !isComponent).replace(CUT + ":", ""));
    }

    boolean hasNamedParts() {
        return name.isEmpty() || name.equals("sealed");
    }

    /// Whether the description was cut inside of this type.
    boolean isCut() {
        return text.indexOf(CUT, from, to) >= 0;
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
