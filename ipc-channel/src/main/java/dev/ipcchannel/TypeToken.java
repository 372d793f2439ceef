package dev.ipcchannel;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/// A generic type that the program knows while it runs, which a `Class` cannot say:
/// `new TypeToken<List<Order>>() {}`.
///
/// @param <T> the type
public abstract class TypeToken<T> {

    private final Type type;

    /// Takes the type from the subclass.
    ///
    /// @throws IllegalArgumentException if the subclass does not name one
    protected TypeToken() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType token)
                || token.getRawType() != TypeToken.class) {
            throw new IllegalArgumentException(
                    "a type token names its type: write new TypeToken<List<Order>>() {}: class="
                            + getClass().getName());
        }
        this.type = token.getActualTypeArguments()[0];
    }

    /// The type.
    public final Type type() {
        return type;
    }

    @Override
    public final String toString() {
        return type.getTypeName();
    }
}
