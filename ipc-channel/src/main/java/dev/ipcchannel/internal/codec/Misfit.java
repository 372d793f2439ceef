package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.value.CodecException;
import dev.ipcchannel.internal.value.Depth;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The search for the value whose class is not that of its type: raw types and unchecked casts let
/// such values in. It runs only after a form has failed, so that sound values pay nothing for it.
///
/// It visits values in the order of the forms. If a user's accessor throws on the way, or a value
/// has changed, it ends without a result.
final class Misfit {

    private static final int MAX_VALUES = 1_000_000;
    private static final int MAX_NESTED = Depth.LIMIT + 100;

    private int values; // looked at so far
    private int nested;
    private boolean isOver; // whether it was too much to look at

    /// A shape and those around it, to which a reference points.
    private record Place(Shape shape, @Nullable Place outer) {

        Place up(int levels) {
            Place place = this;
            for (int i = 1; i < levels && place.outer != null; i++) {
                place = place.outer;
            }
            return place;
        }
    }

    private Misfit() {}

    /// The exception for a message in which `met` was thrown.
    ///
    /// @param name of the message's type
    static CodecException at(Shape shape, Object message, ClassCastException met,
            String name) {
        CodecException found = null;
        try {
            found = new Misfit().find(shape, null, message);
        } catch (RuntimeException | StackOverflowError _) {
            // `met` has to be enough.
        }
        if (found == null) {
            found = new CodecException("holds a value of a class that was not declared: reason="
                    + met.getMessage(), met);
        } else if (found.isOfItself()) {
            return found; // the exception is about "a message"
        }
        return found.inside(name);
    }

    /// @param around the place that the shape is inside of
    private @Nullable CodecException find(Shape shape, @Nullable Place around,
            @Nullable Object value) {
        isOver |= ++values > MAX_VALUES || nested > MAX_NESTED;
        if (value == null || isOver) {
            return null;
        }
        if (shape instanceof Shape.Reference reference && around != null) {
            Place place = around.up(reference.up());
            return find(place.shape(), place.outer(), value);
        }
        Class<?> type = type(shape);
        if (!type.isInstance(value)) {
            return CodecException.misfit(shape instanceof Shape.OfList ? List.class : type, value);
        }
        nested++;
        CodecException found = findInside(shape, around, value);
        nested--;
        return found;
    }

    private @Nullable CodecException findInside(Shape shape, @Nullable Place around,
            Object value) {
        return switch (shape) {
            case Shape.OfRecord record -> inRecord(record, new Place(shape, around), value);
            case Shape.OfSealed sealed -> inCase(sealed, new Place(shape, around), value);
            case Shape.OfMap map -> inMap(map, around, (Map<?, ?>) value);
            case Shape.OfOptional optional ->
                    find(optional.element(), around, Shape.OfOptional.content(value));
            case Shape.OfArray array ->
                    inAll(array.element(), around, Arrays.asList((Object[]) value));
            case Shape.OfList list -> inAll(list.element(), around, (Collection<?>) value);
            case Shape.OfSet set -> inAll(set.element(), around, (Collection<?>) value);
            case Shape.OfPrimitive _ -> null;
            case Shape.OfPrimitives _ -> null;
            case Shape.OfString _ -> null;
            case Shape.OfTextual _ -> null;
            case Shape.OfEnum _ -> null;
            case Shape.OfEnd _ -> null;
            case Shape.Reference _ -> null;
        };
    }

    private @Nullable CodecException inRecord(Shape.OfRecord record, Place place,
            Object value) {
        for (int i = 0; i < record.components().size(); i++) {
            Shape.Component component = record.components().get(i);
            CodecException found =
                    find(component.shape(), place, record.access().component(i, value));
            if (found != null) {
                return found.isOfItself() && !component.role().isEmpty()
                        ? found.inside(component.role())
                        : found.inside(component.step());
            }
        }
        return null;
    }

    private @Nullable CodecException inCase(Shape.OfSealed sealed, Place place, Object value) {
        int index = sealed.indexOf(value);
        return index < 0 ? CodecException.misfit(sealed.type(), value)
                : find(sealed.cases().get(index).shape(), place, value);
    }

    private @Nullable CodecException inAll(Shape element, @Nullable Place around,
            Collection<?> all) {
        int index = 0;
        for (Object value : all) {
            CodecException found = find(element, around, value);
            if (found != null) {
                return found.inside("[" + index + "]");
            }
            index++;
        }
        return null;
    }

    private @Nullable CodecException inMap(Shape.OfMap shape, @Nullable Place around,
            Map<?, ?> map) {
        int index = 0;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String part = ".key";
            CodecException found = find(shape.key(), around, entry.getKey());
            if (found == null) {
                part = ".value";
                found = find(shape.value(), around, entry.getValue());
            }
            if (found != null) {
                return found.inside("[" + index + "]" + part);
            }
            index++;
        }
        return null;
    }

    /// The class of the values of a shape.
    private static Class<?> type(Shape shape) {
        return switch (shape) {
            case Shape.OfRecord record -> record.type();
            case Shape.OfSealed sealed -> sealed.type();
            case Shape.OfPrimitive leaf -> leaf.primitive().wrapper();
            case Shape.OfPrimitives leaf -> leaf.primitive().type().arrayType();
            case Shape.OfString _ -> String.class;
            case Shape.OfTextual leaf -> leaf.jdkValue().type();
            case Shape.OfEnum leaf -> leaf.type();
            case Shape.OfEnd end -> end.type().raw();
            case Shape.OfList _ -> Collection.class; // as the forms accept it
            case Shape.OfSet _ -> Set.class;
            case Shape.OfMap _ -> Map.class;
            case Shape.OfOptional optional -> optional.type();
            case Shape.OfArray array -> array.type().arrayType();
            case Shape.Reference _ -> Object.class; // unknown without its place
        };
    }
}
