package dev.ipcchannel.internal.codec;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/// The way of one type's values to bytes and back.
///
/// Made once; used by any number of threads at once.
///
/// @param <T> the type
public sealed interface TypePlan<T> permits BinaryPlan, JsonPlan {

    /// Appends `value` to `sink`.
    ///
    /// @throws CodecException if something in it cannot be written; `sink` then holds a part of it,
    /// and ends inside of it may be taken along
    void encode(T value, ByteSink sink);

    /// Reads a value from `source`. The binary format stops behind it; a JSON text takes all that
    /// is left.
    ///
    /// @throws CodecException if the bytes are no such value; ends inside of it may have arrived
    T decode(ByteSource source);

    /// What can be read of a message that [#decode] has failed with, or of its beginning.
    ///
    /// @return null if it is no record, or none that begins with a `long`
    /// @throws RuntimeException if not even that can be read; what else it is does not matter
    @Nullable
    Head head(ByteSource source);

    /// Why a class that has type parameters is no type by itself, and what to write.
    ///
    /// @param isEnd whether it is one of a channel's
    public static IllegalArgumentException refusalOfRaw(Class<?> raw, boolean isEnd) {
        return ShapeSearch.refusalOfRaw(raw, isEnd, raw.getSimpleName());
    }

    /// The format and the structure of the type, which must be equal on both sides. No class names
    /// are in it, but for the cases of sealed interfaces. [TypeDescription] has the grammar.
    String description();

    /// The type as a person writes it: `List<Order>`.
    String name();

    /// A plan for the binary format.
    ///
    /// @param type a class, or a type with its arguments
    /// @param lookup of the types' module, for records that this library may not enter by itself
    /// @throws IllegalArgumentException if values of the type, or some inside of them, cannot be
    /// turned into bytes and back
    static <T> TypePlan<T> binary(Type type, EndType.Search ends,
            MethodHandles.@Nullable Lookup lookup) {
        return new BinaryPlan<>(type, ShapeSearch.of(type, ends, lookup));
    }

    /// A plan for JSON.
    ///
    /// @param type a class, or a type with its arguments
    /// @param lookup of the types' module, for records that this library may not enter by itself
    /// @throws IllegalArgumentException if values of the type, or some inside of them, cannot be
    /// turned into bytes and back
    /// @throws IllegalStateException if there is no Gson for it
    static <T> TypePlan<T> json(Type type, EndType.Search ends,
            MethodHandles.@Nullable Lookup lookup) {
        return new JsonPlan<>(type, ShapeSearch.of(type, ends, lookup));
    }
}
