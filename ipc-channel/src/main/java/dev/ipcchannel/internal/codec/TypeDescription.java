package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.base.Printable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The structure of a type as a text, equal for equal structures: the two sides of a channel
/// compare these texts.
///
/// ```text
///     type      = name [ "<" type { "," type } ">" ] | record | sealed | enum | type "[]" | "^" up
///     record    = "{" [ component ":" type { "," component ":" type } ] "}"
///     sealed    = "sealed(" case ":" type { "|" case ":" type } ")"
///     enum      = "enum(" [ constant { "|" constant } ] ")"
/// ```
///
/// `^1` is the innermost record or sealed interface around, `^2` the one around that, and so on.
public final class TypeDescription {

    private static final String BINARY = "binary";
    private static final String JSON = "json";
    private static final String FORMAT_END = ":"; // of a description with a structure

    private TypeDescription() {}

    static String of(Shape shape) {
        StringBuilder text = new StringBuilder();
        append(shape, text);
        return text.toString();
    }

    /// One table. It is no switch over types, because the first use of one takes milliseconds, in
    /// every child at its start.
    private static void append(Shape shape, StringBuilder text) {
        if (shape instanceof Shape.OfPrimitive leaf) {
            text.append(leaf.primitive().text());
        } else if (shape instanceof Shape.OfString) {
            text.append("string");
        } else if (shape instanceof Shape.OfTextual leaf) {
            text.append(leaf.jdkValue().text());
        } else if (shape instanceof Shape.OfPrimitives leaf) {
            text.append(leaf.primitive().text()).append("[]");
        } else if (shape instanceof Shape.OfEnum leaf) {
            appendEnum(leaf, text);
        } else if (shape instanceof Shape.OfEnd end) {
            text.append(end.type().description());
        } else if (shape instanceof Shape.OfRecord composite) {
            appendRecord(composite, text);
        } else if (shape instanceof Shape.OfSealed composite) {
            appendSealed(composite, text);
        } else if (shape instanceof Shape.Reference reference) {
            text.append('^').append(reference.up());
        } else if (shape instanceof Shape.OfList list) {
            appendContainer("list<", list.element(), text);
        } else if (shape instanceof Shape.OfSet set) {
            appendContainer("set<", set.element(), text);
        } else if (shape instanceof Shape.OfMap map) {
            text.append("map<");
            append(map.key(), text);
            appendContainer(",", map.value(), text);
        } else if (shape instanceof Shape.OfOptional optional) {
            appendContainer("optional<", optional.element(), text);
        } else {
            append(((Shape.OfArray) shape).element(), text);
            text.append("[]");
        }
    }

    private static void appendRecord(Shape.OfRecord composite, StringBuilder text) {
        String separator = "{";
        for (Shape.Component component : composite.components()) {
            text.append(separator).append(component.name()).append(':');
            append(component.shape(), text);
            separator = ",";
        }
        text.append(composite.components().isEmpty() ? "{}" : "}");
    }

    private static void appendSealed(Shape.OfSealed composite, StringBuilder text) {
        String separator = "sealed(";
        for (Shape.Case one : composite.cases()) {
            text.append(separator).append(one.name()).append(':');
            append(one.shape(), text);
            separator = "|";
        }
        text.append(')');
    }

    private static void appendEnum(Shape.OfEnum leaf, StringBuilder text) {
        text.append("enum(");
        String separator = "";
        for (Enum<?> constant : leaf.constants()) {
            text.append(separator).append(constant.name());
            separator = "|";
        }
        text.append(')');
    }

    private static void appendContainer(String name, Shape element, StringBuilder text) {
        text.append(name);
        append(element, text);
        text.append('>');
    }

    /// A description of at most `maxBytes` bytes: if it is longer, its beginning and a digest of
    /// the whole, so that two different ones remain different.
    public static String cut(String description, int maxBytes) {
        return CutDescription.of(description, maxBytes);
    }

    /// The difference between the descriptions of two codecs, in one sentence for people, fit to be
    /// shown: `field price: double here, long there; field note: only there`.
    ///
    /// @param mine of a codec of this process
    /// @param theirs of the other process, whatever it is
    public static String difference(String mine, String theirs) {
        return difference(mine, theirs, "", "there");
    }

    /// The same with a user's words.
    ///
    /// @param name of this process's type; empty if it is not known
    /// @param there the place of the other process: `in the child`
    public static String difference(String mine, String theirs, String name, String there) {
        return difference(mine, theirs, name, new TypeDifferences(name, there));
    }

    /// The same for a person on the other side.
    ///
    /// @param there the place of this process to that person: `in the parent`
    public static String differenceForOther(String mine, String theirs, String name,
            String there) {
        return difference(mine, theirs, name, TypeDifferences.forOther(name, there));
    }

    private static String difference(String mine, String theirs, String name,
            TypeDifferences differences) {
        if (mine.equals(theirs)) {
            return "no difference";
        }
        String format = format(mine);
        if (!format.isEmpty() && format.equals(format(theirs))) {
            return structures(structure(mine, format), structure(theirs, format), differences);
        }
        String my = name.isEmpty() || format.equals(JSON) ? shown(mine) : name;
        String encoding = format(theirs);
        return !format.isEmpty() && !encoding.isEmpty()
                && structure(mine, format).equals(structure(theirs, encoding))
                        ? differences.both(encoded(format), encoded(encoding))
                        : differences.both(my, shown(theirs));
    }

    private static String structures(String mine, String theirs, TypeDifferences differences) {
        DescribedType here = DescribedType.parse(mine);
        DescribedType other = DescribedType.parse(theirs);
        differences.compare(here, other, "");
        return differences.sentence(here, other);
    }

    /// The description of a type's part.
    ///
    /// @param path names of cases and components, from the outside in
    /// @return null if there is no such part
    public static @Nullable String inside(String description, List<String> path) {
        String format = format(description);
        DescribedType place =
                format.isEmpty() ? null : DescribedType.parse(structure(description, format));
        for (String step : path) {
            place = place == null ? null : place.parts().get(step);
        }
        return place == null ? null
                : format + FORMAT_END + place.description();
    }

    /// `binary` or `json`; empty if no structure is described.
    private static String format(String description) {
        return description.startsWith(BINARY + FORMAT_END) ? BINARY
                : description.startsWith(JSON + FORMAT_END) ? JSON : "";
    }

    private static String structure(String description, String format) {
        return description.substring(format.length() + FORMAT_END.length());
    }

    private static String encoded(String format) {
        return format.equals(JSON) ? "JSON" : "its binary form";
    }

    /// The type that a codec describes, for people.
    private static String shown(String description) {
        String format = format(description);
        return format.isEmpty() ? Printable.of(JavaNames.of(description, true))
                : (format.equals(JSON) ? "JSON of " : "")
                        + DescribedType.parse(structure(description, format)).shown();
    }
}
