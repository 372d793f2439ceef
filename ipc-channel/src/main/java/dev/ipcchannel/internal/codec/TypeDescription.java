package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.base.Printable;
import java.util.ArrayList;
import java.util.List;

/// The structure of a type as a text, equal for equal structures: what the two sides of a channel
/// compare.
///
/// ```text
///     type      = name [ "<" type { "," type } ">" ] | record | sealed | enum | type "[]" | "^" up
///     record    = "{" [ component ":" type { "," component ":" type } ] "}"
///     sealed    = "sealed(" case ":" type { "|" case ":" type } ")"
///     enum      = "enum(" [ constant { "|" constant } ] ")"
/// ```
///
/// `^1` is the innermost record or sealed interface around, `^2` the one around that.
public final class TypeDescription {

    private static final char FORMAT_END = ':'; // of a description with a structure

    private TypeDescription() {}

    static String of(Shape shape) {
        StringBuilder text = new StringBuilder();
        append(shape, text);
        return text.toString();
    }

    private static void append(Shape shape, StringBuilder text) {
        if (shape instanceof Shape.OfPrimitive leaf) {
            text.append(leaf.primitive().text());
        } else if (shape instanceof Shape.OfString) {
            text.append("string");
        } else if (shape instanceof Shape.OfTextual leaf) {
            text.append(leaf.textual().text());
        } else if (shape instanceof Shape.OfPrimitives leaf) {
            text.append(leaf.primitive().text()).append("[]");
        } else if (shape instanceof Shape.OfEnd end) {
            text.append(end.type().description());
        } else if (shape instanceof Shape.Reference reference) {
            text.append('^').append(reference.up());
        } else {
            appendComposite(shape, text);
        }
    }

    private static void appendComposite(Shape shape, StringBuilder text) {
        if (shape instanceof Shape.OfRecord composite) {
            appendRecord(composite, text);
        } else if (shape instanceof Shape.OfSealed composite) {
            appendSealed(composite, text);
        } else if (shape instanceof Shape.OfEnum leaf) {
            appendEnum(leaf, text);
        } else if (shape instanceof Shape.OfArray array) {
            append(array.element(), text);
            text.append("[]");
        } else {
            appendContainer(shape, text);
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

    private static void appendContainer(Shape shape, StringBuilder text) {
        if (shape instanceof Shape.OfList list) {
            appendContainer("list<", list.element(), text);
        } else if (shape instanceof Shape.OfSet set) {
            appendContainer("set<", set.element(), text);
        } else if (shape instanceof Shape.OfOptional optional) {
            appendContainer("optional<", optional.element(), text);
        } else if (shape instanceof Shape.OfMap map) {
            text.append("map<");
            append(map.key(), text);
            text.append(',');
            append(map.value(), text);
            text.append('>');
        } else {
            throw new AssertionError("no description: " + shape);
        }
    }

    private static void appendContainer(String name, Shape element, StringBuilder text) {
        text.append(name);
        append(element, text);
        text.append('>');
    }

    /// The name of an end in JSON: its description up to the types in it.
    static String endName(EndType type) {
        String description = type.description();
        int arguments = description.indexOf('<');
        return arguments < 0 ? description : description.substring(0, arguments);
    }

    /// What differs between what two codecs say of their types: [#difference] where both describe a
    /// structure in one format, else both as they are. Fit to be shown.
    public static String differenceOfAny(String mine, String theirs) {
        String format = mine.substring(0, mine.indexOf(FORMAT_END) + 1);
        return !format.isEmpty() && theirs.startsWith(format) ? difference(mine, theirs)
                : "%s here, %s there".formatted(Printable.of(mine), Printable.of(theirs));
    }

    /// What differs between two descriptions, in one sentence for a person, fit to be shown:
    /// `field price: f64 here, i64 there; field note: only there`.
    ///
    /// @param mine of a plan of this process
    /// @param theirs what the other process says, whatever that is
    public static String difference(String mine, String theirs) {
        if (mine.equals(theirs)) {
            return "no difference";
        }
        int myFormat = mine.indexOf(':');
        int theirFormat = theirs.indexOf(':');
        String my = mine.substring(0, Math.max(myFormat, 0));
        String their = theirs.substring(0, Math.max(theirFormat, 0));
        if (!my.equals(their)) {
            return "format: " + Printable.quoted(my) + " here, " + Printable.quoted(their)
                    + " there";
        }
        DescribedType here = DescribedType.parse(mine.substring(myFormat + 1));
        DescribedType there = DescribedType.parse(theirs.substring(theirFormat + 1));
        List<String> differences = new ArrayList<>();
        here.compare(there, "", differences);
        return differences.isEmpty() ? DescribedType.both(here, there)
                : String.join("; ", differences);
    }
}
