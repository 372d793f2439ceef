package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.base.GenericType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Types with their variables replaced.
///
/// A result is a class, a [GenericType] or, if nothing is known, the original. Equal types are
/// equal objects, whatever classes implement them.
final class Resolved {

    private Resolved() {}

    /// An array whose elements have type arguments.
    record GenericArray(Type component) implements GenericArrayType {

        @Override
        public Type getGenericComponentType() {
            return component;
        }

        @Override
        public String toString() {
            return component.getTypeName() + "[]";
        }
    }

    static Type of(Type type, Map<TypeVariable<?>, Type> variables) {
        if (type instanceof Class<?>) {
            return type;
        }
        if (type instanceof TypeVariable<?> variable) {
            return variables.getOrDefault(variable, variable);
        }
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = of(arguments[i], variables);
            }
            return new GenericType((Class<?>) generic.getRawType(), List.of(arguments));
        }
        if (type instanceof GenericArrayType array) {
            Type component = of(array.getGenericComponentType(), variables);
            return component instanceof Class<?> plain
                    ? plain.arrayType() : new GenericArray(component);
        }
        if (type instanceof WildcardType wildcard && wildcard.getLowerBounds().length == 0
                && wildcard.getUpperBounds()[0] != Object.class) {
            return of(wildcard.getUpperBounds()[0], variables);
        }
        return type;
    }

    /// The class of a type's values.
    static Class<?> raw(Type resolved) {
        if (resolved instanceof Class<?> plain) {
            return plain;
        }
        if (resolved instanceof GenericType generic) {
            return generic.raw();
        }
        if (resolved instanceof GenericArray array) {
            return raw(array.component()).arrayType();
        }
        return Object.class;
    }

    /// The types that the type variables of a class stand for.
    static Map<TypeVariable<?>, Type> variables(Type resolved) {
        if (!(resolved instanceof GenericType generic)) {
            return Map.of();
        }
        Map<TypeVariable<?>, Type> variables = new HashMap<>();
        TypeVariable<?>[] names = generic.raw().getTypeParameters();
        for (int i = 0; i < names.length; i++) {
            variables.put(names[i], generic.arguments().get(i));
        }
        return variables;
    }

    /// The type of `permitted`, which implements the interface `parent`: its own arguments follow
    /// from those that it passes to `parent`.
    static Type permitted(Class<?> permitted, Type parent) {
        TypeVariable<?>[] names = permitted.getTypeParameters();
        if (names.length == 0) {
            return permitted;
        }
        Map<TypeVariable<?>, Type> variables = new HashMap<>();
        for (Type implemented : permitted.getGenericInterfaces()) {
            if (implemented instanceof ParameterizedType handed
                    && parent instanceof GenericType known && handed.getRawType() == known.raw()) {
                Type[] arguments = handed.getActualTypeArguments();
                for (int i = 0; i < arguments.length; i++) {
                    if (arguments[i] instanceof TypeVariable<?> name) {
                        variables.put(name, known.arguments().get(i));
                    }
                }
            }
        }
        List<Type> arguments = new ArrayList<>(names.length);
        for (TypeVariable<?> name : names) {
            arguments.add(variables.getOrDefault(name, name));
        }
        return new GenericType(permitted, List.copyOf(arguments));
    }

    /// A class with arguments that it may have, as code: `Map<String, String>`.
    static String example(Class<?> raw) {
        StringBuilder written = new StringBuilder(raw.getSimpleName());
        String before = "<";
        for (TypeVariable<?> parameter : raw.getTypeParameters()) {
            written.append(before).append(within(parameter.getBounds()[0]));
            before = ", ";
        }
        return written.append('>').toString();
    }

    /// A type within a bound, as code. For a bound with its own parameter, such as `Enum<E>`, it is
    /// only the class: the reader puts an enum there.
    private static String within(Type bound) {
        if (bound instanceof TypeVariable<?> other) {
            return within(other.getBounds()[0]);
        }
        Class<?> raw = raw(of(bound, Map.of()));
        if (raw.isAssignableFrom(String.class)) {
            return "String";
        }
        if (raw.isAssignableFrom(Integer.class)) {
            return "Integer";
        }
        boolean isWhole = bound instanceof ParameterizedType generic
                && Stream.of(generic.getActualTypeArguments())
                        .allMatch(argument -> argument instanceof Class<?>);
        return isWhole ? shortName(bound) : raw.getSimpleName();
    }

    /// A name for people: `List<Order>` for `java.util.List<com.example.Order>`.
    static String shortName(Type type) {
        if (type instanceof Class<?> plain) {
            return plain.getSimpleName();
        }
        String name = type.getTypeName();
        StringBuilder shortened = new StringBuilder(name.length());
        int start = 0; // of the name that is being copied, in the shortened text
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            boolean isSeparator = letter == '.' || letter == '$';
            if (isSeparator && i + 1 < name.length()
                    && Character.isJavaIdentifierPart(name.charAt(i + 1))) {
                shortened.setLength(start);
                continue;
            }
            if (shortened.length() == start && Character.isDigit(letter)) {
                continue; // of a local class
            }
            shortened.append(letter);
            if (!isSeparator && !Character.isJavaIdentifierPart(letter)) {
                start = shortened.length();
            }
        }
        return shortened.toString();
    }
}
