package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.GenericType;
import dev.ipcchannel.internal.codec.TypePlan;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;

/// A generic type as an object, which a `Class` cannot express: `new TypeToken<List<Order>>() {}`.
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

    private TypeToken(Type type) {
        this.type = type;
    }

    /// A class as a type.
    ///
    /// @throws IllegalArgumentException if the class is generic: then its arguments are needed
    public static <T> TypeToken<T> of(Class<T> type) {
        Argument.given(type, "type");
        if (type.getTypeParameters().length > 0) {
            throw TypePlan.refusalOfRaw(type,
                    Transferable.class.isAssignableFrom(type));
        }
        return of(type, List.of());
    }

    /// A generic class with arguments that are known only while the program runs: `Request` and
    /// `Order` for a `Request<Order>`.
    ///
    /// The compiler cannot check that `T` matches the arguments: that is up to the caller.
    ///
    /// @param raw the generic class
    /// @param arguments its type arguments, as many as it has parameters
    /// @throws IllegalArgumentException if the number of arguments is not that of the parameters
    public static <T> TypeToken<T> of(Class<? super T> raw, List<TypeToken<?>> arguments) {
        Argument.given(raw, "raw");
        Argument.given(arguments, "arguments");
        int parameters = raw.getTypeParameters().length;
        if (parameters != arguments.size()) {
            throw new IllegalArgumentException(
                    "a class needs as many type arguments as it has parameters: class=%s, "
                            .formatted(raw.getName())
                            + "parameters=%d, arguments=%d".formatted(parameters,
                                    arguments.size()));
        }
        return new Composed<>(parameters == 0 ? raw : new GenericType(raw, types(arguments)));
    }

    private static List<Type> types(List<TypeToken<?>> tokens) {
        Type[] types = new Type[tokens.size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = tokens.get(i).type();
        }
        return List.of(types);
    }

    /// The type.
    public final Type type() {
        return type;
    }

    @Override
    public final String toString() {
        return type.getTypeName();
    }

    /// A token made from a type, without a subclass for it.
    private static final class Composed<T> extends TypeToken<T> {

        private Composed(Type type) {
            super(type);
        }
    }
}
