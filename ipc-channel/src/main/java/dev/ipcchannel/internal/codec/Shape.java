package dev.ipcchannel.internal.codec;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The structure of the values of a type, without any format.
///
/// It is a tree. If a type is inside itself, a [Reference] leads back up.
sealed interface Shape {

    /// A primitive or its wrapper.
    record OfPrimitive(Primitive primitive) implements Shape {}

    /// A string.
    record OfString() implements Shape {}

    /// A value of the JDK that a text gives in full.
    record OfTextual(JdkValue jdkValue) implements Shape {}

    /// An enum, by its constants in order.
    ///
    /// @param type the enum's class, also if constants have classes of their own
    record OfEnum(Class<?> type, List<Enum<?>> constants) implements Shape {}

    /// A record, by its components in order.
    record OfRecord(Class<?> type, List<Component> components, RecordAccess access)
            implements Shape {

        /// The step to component number `index` in a path.
        String step(int index) {
            return components.get(index).step();
        }
    }

    /// A component of a record.
    ///
    /// @param type its class, which is primitive or a wrapper if the shape is a primitive
    /// @param step to it in a path: its name after a dot, or the name of a user's type, with which
    /// the path begins
    /// @param role the word for such a user's value; empty for all others
    record Component(String name, Class<?> type, Shape shape, String step, String role) {}

    /// A sealed interface, by the records and enums that may implement it, in declared order.
    record OfSealed(Class<?> type, List<Case> cases) implements Shape {

        /// The number of the case of `value`.
        ///
        /// @throws ClassCastException if it belongs to no case
        int caseOf(Object value) {
            int index = indexOf(value);
            if (index < 0) {
                throw new ClassCastException(
                        "no case of a sealed type: class=" + value.getClass().getName());
            }
            return index;
        }

        /// The same number, or -1 if the value belongs to no case.
        int indexOf(Object value) {
            // A constant with a body has a class of its own.
            Class<?> type = value instanceof Enum<?> constant
                    ? constant.getDeclaringClass() : value.getClass();
            for (int i = 0; i < cases.size(); i++) {
                if (cases.get(i).type() == type) {
                    return i;
                }
            }
            return -1;
        }
    }

    /// A record or an enum that implements a sealed interface.
    ///
    /// @param name unique among the cases
    record Case(String name, Class<?> type, Shape shape) {}

    /// A list, as `List`, `Collection` or `SequencedCollection`.
    record OfList(Shape element) implements Shape {}

    /// A set, whose order is kept.
    record OfSet(Shape element) implements Shape {}

    /// A map, whose order is kept.
    record OfMap(Shape key, Shape value) implements Shape {}

    /// An optional.
    ///
    /// @param type `Optional`, or one of its primitive siblings
    record OfOptional(Class<?> type, Shape element) implements Shape {

        /// The content of an optional of any class, or null.
        static @Nullable Object content(Object optional) {
            if (optional instanceof Optional<?> object) {
                return object.orElse(null);
            }
            if (optional instanceof OptionalInt number) {
                return number.isPresent() ? number.getAsInt() : null;
            }
            if (optional instanceof OptionalLong number) {
                return number.isPresent() ? number.getAsLong() : null;
            }
            OptionalDouble number = (OptionalDouble) optional;
            return number.isPresent() ? number.getAsDouble() : null;
        }

        /// An optional of the class `type`.
        static Object of(Class<?> type, @Nullable Object content) {
            if (type == Optional.class) {
                return Optional.ofNullable(content);
            }
            if (type == OptionalInt.class) {
                return content == null ? OptionalInt.empty() : OptionalInt.of((int) content);
            }
            if (type == OptionalLong.class) {
                return content == null ? OptionalLong.empty() : OptionalLong.of((long) content);
            }
            return content == null ? OptionalDouble.empty()
                    : OptionalDouble.of((double) content);
        }
    }

    /// An array of primitives.
    record OfPrimitives(Primitive primitive) implements Shape {}

    /// An array of objects.
    ///
    /// @param type the class of the elements
    record OfArray(Class<?> type, Shape element) implements Shape {}

    /// An end of a channel.
    record OfEnd(EndType type) implements Shape {}

    /// A record or sealed interface that this place is inside of.
    ///
    /// @param up 1 for the innermost one, 2 for the one around it, and so on
    /// @param levels the number of values between a value of that type and one at this place
    record Reference(int up, int levels) implements Shape {}

    /// Whether a value of it can exist: `record Endless(Endless next)` has none, because each would
    /// need another one first. Assumes that the types around have values.
    ///
    /// @param inside the number of records and sealed interfaces around this one, up to the one
    /// that the call was for
    default boolean canEnd(int inside) {
        if (this instanceof OfRecord composite) {
            for (Component component : composite.components()) {
                if (!component.shape().canEnd(inside + 1)) {
                    return false;
                }
            }
            return true;
        }
        if (this instanceof OfSealed composite) {
            for (Case one : composite.cases()) {
                if (one.shape().canEnd(inside + 1)) {
                    return true;
                }
            }
            return false;
        }
        return !(this instanceof Reference reference) || reference.up() > inside;
    }
}
