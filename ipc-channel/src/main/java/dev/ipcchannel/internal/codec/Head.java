package dev.ipcchannel.internal.codec;

import org.jspecify.annotations.Nullable;

/// The beginning of a message that as a whole cannot be read: which record it is, and its first
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
    static Shape.@Nullable OfRecord numbered(@Nullable Shape shape) {
        return shape instanceof Shape.OfRecord record && !record.components().isEmpty()
                && record.components().getFirst().shape() instanceof Shape.OfPrimitive leaf
                && leaf.primitive() == Primitive.LONG ? record : null;
    }
}
