package dev.ipcchannel.internal.codec;

import org.jspecify.annotations.Nullable;

/// The eight primitive types, each also for its wrapper class.
enum Primitive {

    BOOLEAN("bool", 1, boolean.class, Boolean.class),
    BYTE("i8", 1, byte.class, Byte.class),
    SHORT("i16", 2, short.class, Short.class),
    CHAR("char", 2, char.class, Character.class),
    INT("i32", 4, int.class, Integer.class),
    LONG("i64", 8, long.class, Long.class),
    FLOAT("f32", 4, float.class, Float.class),
    DOUBLE("f64", 8, double.class, Double.class);

    private static final Primitive[] ALL = values();

    private final String text;
    private final int bytes;
    private final Class<?> type;
    private final Class<?> wrapper;

    Primitive(String text, int bytes, Class<?> type, Class<?> wrapper) {
        this.text = text;
        this.bytes = bytes;
        this.type = type;
        this.wrapper = wrapper;
    }

    /// The primitive that `raw` is, or is the wrapper of; null if there is none.
    static @Nullable Primitive of(Class<?> raw) {
        for (Primitive primitive : ALL) {
            if (raw == primitive.type || raw == primitive.wrapper) {
                return primitive;
            }
        }
        return null;
    }

    /// The length of an array of it. Unlike `java.lang.reflect.Array`, it does not look at the
    /// class.
    int length(Object values) {
        return switch (this) {
            case BOOLEAN -> ((boolean[]) values).length;
            case BYTE -> ((byte[]) values).length;
            case SHORT -> ((short[]) values).length;
            case CHAR -> ((char[]) values).length;
            case INT -> ((int[]) values).length;
            case LONG -> ((long[]) values).length;
            case FLOAT -> ((float[]) values).length;
            case DOUBLE -> ((double[]) values).length;
        };
    }

    /// Its name in a description.
    String text() {
        return text;
    }

    /// The number of bytes that a value takes.
    int bytes() {
        return bytes;
    }

    Class<?> type() {
        return type;
    }

    Class<?> wrapper() {
        return wrapper;
    }
}
