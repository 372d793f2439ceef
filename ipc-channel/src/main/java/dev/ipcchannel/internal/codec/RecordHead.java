package dev.ipcchannel.internal.codec;

import org.jspecify.annotations.Nullable;

/// The beginning of a message that cannot be read as a whole: the record's class, and its first
/// component, if that is a `long`.
///
/// The head is read without the forms, after a form has failed, so that sound values pay nothing
/// for it.
///
/// @param type the record's class
/// @param number its first component
public record RecordHead(Class<?> type, long number) {

    /// Reads the head from the beginning of the binary format.
    static @Nullable RecordHead binary(Shape shape, ByteSource source) {
        Shape found = shape;
        if (shape instanceof Shape.OfSealed composite) {
            long index = source.getVarint();
            if (index < 0 || index >= composite.cases().size()) {
                return null;
            }
            found = composite.cases().get((int) index).shape();
        }
        Shape.OfRecord record = numbered(found);
        return record == null ? null : new RecordHead(record.type(), source.getLong());
    }

    /// The record, if it begins with a `long`; else null.
    static Shape.@Nullable OfRecord numbered(@Nullable Shape shape) {
        return shape instanceof Shape.OfRecord record && !record.components().isEmpty()
                && record.components().getFirst().shape() instanceof Shape.OfPrimitive leaf
                && leaf.primitive() == Primitive.LONG ? record : null;
    }
}
