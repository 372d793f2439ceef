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
    /// @throws CodecException if something in it cannot be written; then `sink` has part of it, and
    /// ends inside it may have been taken along
    void encode(T value, ByteSink sink);

    /// Reads a value from `source`. The binary format stops after the value; a JSON text takes all
    /// bytes that are left.
    ///
    /// @throws CodecException if the bytes are not such a value; ends inside it may have arrived
    T decode(ByteSource source);

    /// The head of a message for which [#decode] has failed, or of its beginning.
    ///
    /// @return null if it is not a record that begins with a `long`
    /// @throws RuntimeException if not even the head can be read; its class does not matter
    @Nullable
    RecordHead head(ByteSource source);

    /// The exception for a class that needs type arguments, with code that would be accepted.
    ///
    /// @param isEnd whether the class is an end of a channel
    public static IllegalArgumentException refusalOfRaw(Class<?> raw, boolean isEnd) {
        return ShapeSearch.refusalOfRaw(raw, isEnd, raw.getSimpleName());
    }

    /// The format and the structure of the type, which must be equal on both sides. It has no class
    /// names except those of the cases of sealed interfaces. [TypeDescription] has the grammar.
    String description();

    /// The type as people write it: `List<Order>`.
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
