package dev.ipcchannel.internal.codec;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/// The ways that a plan can write a value.
enum Format {

    BINARY, COMPOSED_BINARY, JSON;

    /// A type with its arguments, taken from a subclass: `new Of<List<String>>() {}`.
    abstract static class Of<T> {

        Type type() {
            return ((ParameterizedType) getClass().getGenericSuperclass())
                    .getActualTypeArguments()[0];
        }
    }

    <T> TypePlan<T> plan(Class<T> type) {
        return plan(type, EndType.Search.none());
    }

    <T> TypePlan<T> plan(Of<T> type) {
        return plan(type.type(), EndType.Search.none());
    }

    <T> TypePlan<T> plan(Type type, EndType.Search ends) {
        if (this == JSON) {
            return TypePlan.json(type, ends, null);
        }
        TypePlan<T> plan = TypePlan.binary(type, ends, null);
        if (this == COMPOSED_BINARY) {
            ((BinaryPlan<T>) plan).compose();
        }
        return plan;
    }

    static <T> byte[] encode(TypePlan<T> plan, T value) {
        var sink = new ByteSink();
        plan.encode(value, sink);
        return sink.toByteArray();
    }

    static <T> T decode(TypePlan<T> plan, byte[] bytes) {
        var source = new ByteSource(bytes, 0, bytes.length);
        T value = plan.decode(source);
        if (source.remaining() != 0) {
            throw new AssertionError("left over: " + source.remaining());
        }
        return value;
    }

    static <T> T roundTrip(TypePlan<T> plan, T value) {
        return decode(plan, encode(plan, value));
    }
}
