package dev.ipcchannel.internal.codec;

/// Arrays of primitives, whose class is known by a [Primitive].
final class Primitives {

    private Primitives() {}

    /// Unlike `java.lang.reflect.Array`, without a look at the class.
    static int length(Primitive primitive, Object values) {
        return switch (primitive) {
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
}
