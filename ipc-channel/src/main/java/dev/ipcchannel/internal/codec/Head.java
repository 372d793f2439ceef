package dev.ipcchannel.internal.codec;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What can be read of a message that as a whole cannot: which record it is, and its first
/// component, where that is a `long`.
///
/// Read apart from the forms, after one of them has failed: a value without fault pays nothing for
/// it.
///
/// @param type the record
/// @param number its first component
public record Head(Class<?> type, long number) {

    /// Reads it from the beginning of the binary format.
    static @Nullable Head binary(Shape shape, ByteSource source) {
        Shape found = shape;
        if (shape instanceof Shape.OfSealed composite) {
            long index = source.getVarint();
            if (index < 0 || index >= composite.cases().size()) {
                return null;
            }
            found = composite.cases().get((int) index).shape();
        }
        Shape.OfRecord record = numbered(found);
        return record == null ? null : new Head(record.type(), source.getLong());
    }

    /// A record that begins with a `long`, or null.
    private static Shape.@Nullable OfRecord numbered(@Nullable Shape shape) {
        return shape instanceof Shape.OfRecord record && !record.components().isEmpty()
                && record.components().getFirst().shape() instanceof Shape.OfPrimitive leaf
                && leaf.primitive() == Primitive.LONG ? record : null;
    }

    /// Reads it from a JSON text, which may end too early: the members may have any order, and what
    /// is none of them is passed over as it is.
    ///
    /// @throws IOException if the text is broken before it was found
    static @Nullable Head json(Shape shape, ByteSource source) throws IOException {
        int length = source.remaining();
        // The text is not worth a copy, and names and numbers are ASCII in any case.
        Reader text = new InputStreamReader(
                new ByteArrayInputStream(source.buffer(), source.skip(length), length),
                StandardCharsets.ISO_8859_1);
        JsonReader json = new JsonReader(text);
        json.setStrictness(Strictness.STRICT);
        json.setNestingLimit(JsonSource.MAX_NESTING);
        json.beginObject();
        Shape found = shape instanceof Shape.OfSealed composite ? named(composite, json) : shape;
        Shape.OfRecord record = numbered(found);
        return record == null ? null : member(record, json);
    }

    /// The case that the first member names.
    private static @Nullable Shape named(Shape.OfSealed composite, JsonReader json)
            throws IOException {
        if (!json.nextName().equals(JsonForm.TYPE)) {
            return null;
        }
        String name = json.nextString();
        for (Shape.Case one : composite.cases()) {
            if (one.name().equals(name)) {
                return one.shape();
            }
        }
        return null;
    }

    private static @Nullable Head member(Shape.OfRecord record, JsonReader json)
            throws IOException {
        String name = record.components().getFirst().name();
        while (json.hasNext()) {
            if (json.nextName().equals(name)) {
                return new Head(record.type(), json.nextLong());
            }
            json.skipValue();
        }
        return null;
    }
}
