package dev.ipcchannel.internal.base;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A class with type arguments. Two with the same class and arguments are equal.
///
/// @implNote A record's own methods, and streams, take milliseconds when they are first used, and
/// every child makes such types at its start.
public record GenericType(Class<?> raw, List<Type> arguments) implements ParameterizedType {

    @Override
    public Type[] getActualTypeArguments() {
        return arguments.toArray(Type[]::new);
    }

    @Override
    public Type getRawType() {
        return raw;
    }

    @Override
    public @Nullable Type getOwnerType() {
        return raw.getDeclaringClass();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GenericType type && raw == type.raw
                && arguments.equals(type.arguments);
    }

    @Override
    public int hashCode() {
        return 31 * raw.hashCode() + arguments.hashCode();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(raw.getName());
        String before = "<";
        for (Type argument : arguments) {
            text.append(before).append(argument.getTypeName());
            before = ", ";
        }
        return text.append('>').toString();
    }
}
