package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.base.GenericType;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedCollection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The search for the shape of a type, through everything in its values.
final class ShapeSearch {

    private static final int MAX_NESTING = 100;
    private static final int MAX_SHAPES = 10_000;
    private static final List<Class<?>> CONTAINERS = List.of(List.class, Collection.class,
            SequencedCollection.class, Set.class, Map.class, Optional.class);

    private final EndType.Search ends;
    private final MethodHandles.@Nullable Lookup lookup;
    private final List<Open> open = new ArrayList<>(); // outermost first
    private int nesting;
    private int shapes;

    /// A record or sealed interface that the search is inside of.
    private record Open(Type type, int nesting) {}

    private ShapeSearch(EndType.Search ends, MethodHandles.@Nullable Lookup lookup) {
        this.ends = ends;
        this.lookup = lookup;
    }

    /// @throws IllegalArgumentException if values of the type, or some inside of them, cannot be
    /// turned into bytes and back
    static Shape of(Type type, EndType.Search ends, MethodHandles.@Nullable Lookup lookup) {
        Type resolved = Resolved.of(type, Map.of());
        return new ShapeSearch(ends, lookup).find(resolved, Resolved.shortName(resolved));
    }

    /// @param path to the type, for messages
    private Shape find(Type type, String path) {
        if (nesting >= MAX_NESTING || shapes >= MAX_SHAPES) {
            throw new IllegalArgumentException(
                    "a type must not hold too many others: in=%s, "
                            .formatted(path)
                            + "nested=%d, limit=%d, all=%d, limit=%d".formatted(nesting,
                                    MAX_NESTING, shapes, MAX_SHAPES));
        }
        shapes++;
        nesting++;
        Shape found = findOpen(type, path);
        nesting--;
        return found;
    }

    private Shape findOpen(Type type, String path) {
        Class<?> raw = Resolved.raw(type);
        EndType end = ends.find(raw, type, path);
        if (end != null) {
            return new Shape.OfEnd(end);
        }
        Shape leaf = leaf(raw);
        if (leaf != null) {
            return leaf;
        }
        if (raw.isArray()) {
            return array(type, raw.componentType(), path);
        }
        checkKnown(type, raw, path);
        if (type instanceof GenericType generic && raw.getPackageName().equals("java.util")) {
            return container(generic, path);
        }
        return raw.isRecord() || raw.isSealed() ? composite(type, raw, path) : refuse(type, path);
    }

    private static @Nullable Shape leaf(Class<?> raw) {
        if (raw == String.class) {
            return new Shape.OfString();
        }
        Primitive primitive = Primitive.of(raw);
        if (primitive != null) {
            return new Shape.OfPrimitive(primitive);
        }
        if (raw.isEnum()) {
            return enumeration(raw);
        }
        // Without this, a process that sends none of these would load them all.
        return raw.getName().startsWith("java.") && !CONTAINERS.contains(raw) ? leafOfTheJdk(raw)
                : null;
    }

    private static @Nullable Shape leafOfTheJdk(Class<?> raw) {
        JdkValue jdkValue = JdkValue.of(raw);
        return jdkValue == null ? optional(raw) : new Shape.OfTextual(jdkValue);
    }

    private static Shape enumeration(Class<?> raw) {
        List<Enum<?>> constants = new ArrayList<>();
        for (Object constant : raw.getEnumConstants()) {
            constants.add((Enum<?>) constant);
        }
        return new Shape.OfEnum(raw, List.copyOf(constants));
    }

    private static @Nullable Shape optional(Class<?> raw) {
        if (raw == OptionalInt.class) {
            return new Shape.OfOptional(raw, new Shape.OfPrimitive(Primitive.INT));
        }
        if (raw == OptionalLong.class) {
            return new Shape.OfOptional(raw, new Shape.OfPrimitive(Primitive.LONG));
        }
        if (raw == OptionalDouble.class) {
            return new Shape.OfOptional(raw, new Shape.OfPrimitive(Primitive.DOUBLE));
        }
        return null;
    }

    private Shape array(Type type, Class<?> element, String path) {
        Primitive primitive = element.isPrimitive() ? Primitive.of(element) : null;
        if (primitive != null) {
            return new Shape.OfPrimitives(primitive);
        }
        Type component = type instanceof GenericArrayType generic
                ? generic.getGenericComponentType() : element;
        return new Shape.OfArray(element, find(component, path + "[]"));
    }

    private static void checkKnown(Type type, Class<?> raw, String path) {
        if (type instanceof Class<?> && raw.getTypeParameters().length > 0) {
            throw refusalOfRaw(raw, false, path);
        }
        if (raw == Object.class) {
            throw new IllegalArgumentException(
                    "a type must say what its values are: type=%s, in=%s: name a class, "
                            .formatted(type.getTypeName(), path)
                            + "or a sealed interface of records");
        }
    }

    /// The exception for a class that needs type arguments, with code that would be accepted.
    ///
    /// @param isEnd whether the class is an end of a channel
    static IllegalArgumentException refusalOfRaw(Class<?> raw, boolean isEnd, String path) {
        if (!isEnd && !raw.isRecord() && !raw.isSealed() && !CONTAINERS.contains(raw)) {
            return withoutCodec(raw, path);
        }
        String written = Resolved.example(raw);
        boolean isWhole = path.equals(raw.getSimpleName());
        return new IllegalArgumentException("a type needs its arguments: type=%s%s: write %s"
                .formatted(raw.getName(), isWhole ? "" : ", in=" + path,
                        isWhole ? "new TypeToken<%s>() {} in place of %s.class".formatted(written,
                                raw.getSimpleName()) : written + ", for instance"));
    }

    private Shape container(GenericType generic, String path) {
        Class<?> raw = generic.raw();
        Type first = generic.arguments().getFirst();
        if (raw == List.class || raw == Collection.class || raw == SequencedCollection.class) {
            return new Shape.OfList(find(first, path + "[]"));
        }
        if (raw == Set.class) {
            return new Shape.OfSet(find(first, path + "[]"));
        }
        if (raw == Map.class) {
            return new Shape.OfMap(find(first, path + "[].key"),
                    find(generic.arguments().get(1), path + "[].value"));
        }
        return raw == Optional.class
                ? new Shape.OfOptional(raw, find(first, path)) : refuse(generic, path);
    }

    private static Shape refuse(Type type, String path) {
        if (type == Void.class || type == void.class) {
            throw new IllegalArgumentException(
                    "a type must have values: type=%s, in=%s: name one such as Boolean"
                            .formatted(type.getTypeName(), path));
        }
        throw withoutCodec(type, path);
    }

    private static IllegalArgumentException withoutCodec(Type type, String path) {
        return new IllegalArgumentException("no codec for a type: type=%s, in=%s: "
                .formatted(type.getTypeName(), path)
                + (isKotlins(type)
                        ? "mark a data class with @JvmRecord, which makes a record of it, or " : "")
                + "use records, enums, sealed interfaces of these, List, Set, Map, Optional, "
                + "arrays, strings, numbers and java.time, or pass a Codec of your own");
    }

    private static boolean isKotlins(Type type) {
        Class<?> raw = type instanceof Class<?> plain ? plain
                : type instanceof GenericType generic ? generic.raw() : Object.class;
        return Arrays.stream(raw.getAnnotations())
                .anyMatch(one -> one.annotationType().getName().equals("kotlin.Metadata"));
    }

    private Shape composite(Type type, Class<?> raw, String path) {
        for (int up = 1; up <= open.size(); up++) {
            Open enclosing = open.get(open.size() - up);
            if (enclosing.type.equals(type)) {
                return new Shape.Reference(up, nesting - enclosing.nesting);
            }
        }
        open.add(new Open(type, nesting));
        Shape found = raw.isRecord() ? record(type, raw, path) : sealed(type, raw, path);
        open.removeLast();
        if (!found.canEnd(0)) {
            throw new IllegalArgumentException(
                    "a type must not need a value of itself: type=%s, in=%s: use Optional or List"
                            .formatted(type.getTypeName(), path));
        }
        return found;
    }

    private Shape record(Type type, Class<?> raw, String path) {
        Map<TypeVariable<?>, Type> variables = Resolved.variables(type);
        List<Shape.Component> components = new ArrayList<>();
        for (RecordComponent component : raw.getRecordComponents()) {
            checkName(component, path);
            Type own = Resolved.of(component.getGenericType(), variables);
            String role = Wrapping.role(raw, component);
            String step = role.isEmpty() ? Wrapping.step(raw, component) : Resolved.shortName(own);
            Shape shape = find(own, role.isEmpty() ? path + step : step);
            components.add(new Shape.Component(component.getName(), component.getType(), shape,
                    step, role));
        }
        return new Shape.OfRecord(raw, List.copyOf(components), RecordAccess.of(raw, lookup, path));
    }

    /// Names with a dollar are reserved for this library in JSON.
    private static void checkName(RecordComponent component, String path) {
        if (component.getName().startsWith("$")) {
            throw new IllegalArgumentException(
                    "a component's name must not start with a dollar: component=%s, in=%s"
                            .formatted(component.getName(), path));
        }
    }

    private Shape sealed(Type type, Class<?> raw, String path) {
        List<Shape.Case> cases = new ArrayList<>();
        addCases(type, raw, cases, path);
        return new Shape.OfSealed(raw, List.copyOf(cases));
    }

    private void addCases(Type type, Class<?> raw, List<Shape.Case> cases, String path) {
        for (Class<?> permitted : raw.getPermittedSubclasses()) {
            Type resolved = Resolved.permitted(permitted, type);
            if (permitted.isSealed() && !permitted.isEnum()) {
                addCases(resolved, permitted, cases, path);
            } else {
                addCase(resolved, permitted, cases, path);
            }
        }
    }

    private void addCase(Type type, Class<?> permitted, List<Shape.Case> cases, String path) {
        String name = permitted.getSimpleName();
        for (Shape.Case known : cases) {
            if (known.type() == permitted) {
                return; // it implements two sealed interfaces
            }
            if (known.name().equals(name)) {
                throw new IllegalArgumentException(
                        "the cases of a sealed type need names of their own: in=%s: rename %s or %s"
                                .formatted(path, known.type().getName(), permitted.getName()));
            }
        }
        cases.add(new Shape.Case(name, permitted, find(type, path + "(" + name + ")")));
    }
}
