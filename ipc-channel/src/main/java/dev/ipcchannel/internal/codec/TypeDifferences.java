package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.base.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The differences between a type of this process and one of another process, for people.
final class TypeDifferences {

    private static final int MAX_DIFFERENCES = 5;
    private static final int MAX_WHOLE = 60; // letters of the names of parts in order

    private static final String HERE = "here";

    private final String name;
    private final String my; // the words for the places of the two sides
    private final String there;
    private final List<String> differences = new ArrayList<>();

    /// The differences for a person on this side.
    ///
    /// @param name of this process's type; empty if it is not known
    /// @param there the place of the other process
    TypeDifferences(String name, String there) {
        this(name, HERE, there);
    }

    private TypeDifferences(String name, String my, String there) {
        this.name = name;
        this.my = my;
        this.there = there;
    }

    /// The differences in words for the other side, from which this process is `there`.
    static TypeDifferences forOther(String name, String there) {
        return new TypeDifferences(name, there, HERE);
    }

    /// @param path to both types; empty at the top
    void compare(DescribedType mine, DescribedType theirs, String path) {
        if (mine.hasTextOf(theirs) || isFull() || isBeyondCut(mine, theirs)) {
            return;
        }
        boolean isCut = mine.isCut() || theirs.isCut();
        boolean isSameKind = mine.name().equals(theirs.name()) && (isCut || mine.hasNamedParts()
                || mine.parts().keySet().equals(theirs.parts().keySet()));
        boolean isLeaf = mine.parts().isEmpty() || theirs.parts().isEmpty();
        if (!isSameKind || (isLeaf && !isCut)) {
            add(field(path) + both(path.isEmpty() && !name.isEmpty() ? name : mine.shown(),
                    theirs.shown()));
            return;
        }
        int before = differences.size();
        compareParts(mine, theirs, path);
        if (differences.size() == before && !isCut) {
            add(whole(path) + "the same %s in another order: ".formatted(
                    mine.name().isEmpty() ? "components" : "cases")
                    + orders(List.copyOf(mine.parts().keySet()),
                            List.copyOf(theirs.parts().keySet())));
        }
    }

    /// Both orders, from the first difference on; whole if they are short.
    private String orders(List<String> mine, List<String> theirs) {
        int same = 0;
        while (same < mine.size() - 1 && mine.get(same).equals(theirs.get(same))) {
            same++;
        }
        boolean isShort = String.join(", ", mine).length() <= MAX_WHOLE;
        int from = isShort ? 0 : same;
        return both(order(mine, from), order(theirs, from));
    }

    private static String order(List<String> parts, int from) {
        return "(%s%s)".formatted(from == 0 ? "" : Printable.CUT + " ",
                Printable.brief(String.join(", ", parts.subList(from, parts.size()))));
    }

    private void compareParts(DescribedType mine, DescribedType theirs, String path) {
        // Types of one name have equally many arguments, unless cut.
        boolean isNamed = mine.hasNamedParts();
        Map<String, DescribedType> others = new LinkedHashMap<>(theirs.parts());
        for (Map.Entry<String, DescribedType> part : mine.parts().entrySet()) {
            String inner = step(mine, path, part.getKey());
            DescribedType other = others.remove(part.getKey());
            if (other != null) {
                compare(part.getValue(), other, inner);
            } else if (isNamed && !theirs.isCut() && !isCutMark(part.getKey())) {
                add(field(inner) + "only " + my);
            }
        }
        for (String extra : others.keySet()) {
            if (isNamed && !mine.isCut() && !isCutMark(extra)) {
                add(field(step(mine, path, extra)) + "only " + there);
            }
        }
    }

    /// Whether no difference is certain, because one of the types was cut.
    private static boolean isBeyondCut(DescribedType mine, DescribedType theirs) {
        boolean isCut = mine.isCut() || theirs.isCut();
        return isCut && (isCutMark(mine.name()) || isCutMark(theirs.name())
                || (mine.name().equals("enum") && theirs.name().equals("enum"))
                || mine.name().equals("[]") != theirs.name().equals("[]"));
    }

    private static boolean isCutMark(String part) {
        return part.endsWith(DescribedType.CUT);
    }

    private boolean isFull() {
        return differences.size() >= MAX_DIFFERENCES;
    }

    private void add(String difference) {
        if (!isFull()) {
            differences.add(difference);
        }
    }

    private static String step(DescribedType type, String path, String part) {
        String step = type.hasNamedParts() ? Printable.brief(part)
                : "[" + (type.parts().size() > 1 ? part : "") + "]";
        return path.isEmpty() || step.startsWith("[") ? path + step : path + "." + step;
    }

    /// The type at this path as a whole.
    private String whole(String path) {
        return path.isEmpty() && !name.isEmpty() ? name + ": " : field(path);
    }

    private String field(String path) {
        if (path.isEmpty()) {
            return "";
        }
        return name.isEmpty() ? "field " + path + ": "
                : name + (path.startsWith("[") ? "" : ".") + path + ": ";
    }

    /// The word for each side's type, first that of the reader.
    String both(String mine, String other) {
        return there.equals(HERE) ? "%s %s, %s %s".formatted(other, there, mine, my)
                : "%s %s, %s %s".formatted(mine, my, other, there);
    }

    /// All differences; if none was found, both types.
    String sentence(DescribedType mine, DescribedType theirs) {
        if (!differences.isEmpty()) {
            return String.join("; ", differences);
        }
        return mine.isCut() || theirs.isCut()
                ? "they differ after what an end of a channel carries of a long type"
                : both(mine.shown(), theirs.shown());
    }
}
