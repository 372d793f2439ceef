package dev.ipcchannel.internal.codec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A parser that takes a description apart. [TypeDescription] has the grammar.
final class DescriptionParser {

    private static final int MAX_NESTING = 200;

    private final String text;
    private int index;
    private int nesting;

    DescriptionParser(String text) {
        this.text = text;
    }

    /// @throws IllegalArgumentException if the text is no description, or nested too deep
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
        if (text.startsWith(DescribedType.CUT, index)) {
            index += DescribedType.CUT.length();
            type = new DescribedType(type.name(), type.parts(), text, from, index);
        }
        for (int dimensions = 1; text.startsWith("[]", index); dimensions++) {
            if (dimensions > MAX_NESTING) {
                throw noDescription();
            }
            index += 2;
            type = DescribedType.numbered("[]", List.of(type), text, from, index);
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
        return DescribedType.numbered(name, arguments, text, from, index);
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
