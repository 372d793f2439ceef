package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.base.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A type as its description gives it, for a comparison with another one.
///
/// @param name the word before the parts: `list`, `sealed`, `f64`; empty for a record
/// @param parts by their names; arguments in angle brackets, and elements, by their number
/// @param text in which the range from `from` to `to` is this type: no copy, because each level of
/// nested types would have one
record DescribedType(String name, Map<String, DescribedType> parts, String text, int from,
        int to) {

    /// The sign at which a description was cut.
    static final String CUT = "…";

    private static final int MAX_CHARS = 100_000;
    private static final int MAX_SHOWN = 200; // more than a person is shown

    /// Parses as much as it can: a text that is not a description becomes one type of that name.
    static DescribedType parse(String text) {
        if (text.length() > MAX_CHARS) {
            return unknown(text);
        }
        try {
            return new Parser(CutDescription.closed(text)).parse();
        } catch (IllegalArgumentException _) { // from another process, or of another version
            return unknown(text);
        }
    }

    private static DescribedType unknown(String text) {
        return new DescribedType(text, Map.of(), text, 0, text.length());
    }

    boolean hasTextOf(DescribedType other) {
        return to - from == other.to - other.from
                && text.regionMatches(from, other.text, other.from, to - from);
    }

    /// The text of this type alone.
    String description() {
        return text.substring(from, to);
    }

    /// The type for people, with Java's names.
    String shown() {
        boolean isComponent = from > 0 && text.charAt(from - 1) == ':';
        String beginning = text.substring(from, Math.min(to, from + MAX_SHOWN));
        return Printable.brief(JavaNames.of(beginning, !isComponent).replace(CUT + ":", ""));
    }

    boolean hasNamedParts() {
        return name.isEmpty() || name.equals("sealed");
    }

    /// Whether the description was cut inside this type.
    boolean isCut() {
        return text.indexOf(CUT, from, to) >= 0;
    }

    /// A type whose parts have only numbers for names.
    private static DescribedType numbered(String name, List<DescribedType> parts, String text,
            int from,
            int to) {
        Map<String, DescribedType> numbered = new LinkedHashMap<>();
        for (DescribedType part : parts) {
            numbered.put(Integer.toString(numbered.size()), part);
        }
        return new DescribedType(name, numbered, text, from, to);
    }

    /// A parser of descriptions. [TypeDescription] has the grammar.
    private static final class Parser {

        private static final int MAX_NESTING = 200;

        private final String text;
        private int index;
        private int nesting;

        private Parser(String text) {
            this.text = text;
        }

        /// @throws IllegalArgumentException if the text is not a description, or is nested too deep
        DescribedType parse() {
            DescribedType type = type();
            if (index != text.length()) {
                throw noDescription();
            }
            return type;
        }

        private DescribedType type() {
            if (++nesting > MAX_NESTING) {
                throw noDescription();
            }
            int from = index;
            DescribedType type = simpleType();
            if (text.startsWith(CUT, index)) {
                index += CUT.length();
                type = new DescribedType(type.name(), type.parts(), text, from, index);
            }
            for (int dimensions = 1; text.startsWith("[]", index); dimensions++) {
                if (dimensions > MAX_NESTING) {
                    throw noDescription();
                }
                index += 2;
                type = numbered("[]", List.of(type), text, from, index);
            }
            nesting--;
            return type;
        }

        private DescribedType simpleType() {
            int from = index;
            if (take('{')) {
                Map<String, DescribedType> parts = named(',', '}');
                return new DescribedType("", parts, text, from, index);
            }
            String name = name();
            if (name.equals("sealed") && take('(')) {
                Map<String, DescribedType> parts = named('|', ')');
                return new DescribedType(name, parts, text, from, index);
            }
            if (name.equals("enum") && take('(')) {
                index = text.indexOf(')', index) + 1;
                if (index == 0) {
                    throw noDescription();
                }
                return new DescribedType(name, Map.of(), text, from, index);
            }
            List<DescribedType> arguments = take('<') ? arguments() : List.of();
            return numbered(name, arguments, text, from, index);
        }

        private Map<String, DescribedType> named(char separator, char end) {
            Map<String, DescribedType> parts = new LinkedHashMap<>();
            if (take(end)) {
                return parts;
            }
            do {
                String name = name();
                expect(':');
                parts.put(name, type());
            } while (take(separator));
            expect(end);
            return parts;
        }

        private List<DescribedType> arguments() {
            List<DescribedType> arguments = new ArrayList<>();
            do {
                arguments.add(type());
            } while (take(','));
            expect('>');
            return arguments;
        }

        private String name() {
            int from = index;
            while (index < text.length() && "{}()<>[],:|".indexOf(text.charAt(index)) < 0) {
                index++;
            }
            if (index == from) {
                throw noDescription();
            }
            return text.substring(from, index);
        }

        private boolean take(char expected) {
            if (index < text.length() && text.charAt(index) == expected) {
                index++;
                return true;
            }
            return false;
        }

        private void expect(char expected) {
            if (!take(expected)) {
                throw noDescription();
            }
        }

        private IllegalArgumentException noDescription() {
            return new IllegalArgumentException(
                    "a description must follow the grammar: index=" + index);
        }
    }
}
