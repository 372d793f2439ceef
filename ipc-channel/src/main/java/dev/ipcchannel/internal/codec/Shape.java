package dev.ipcchannel.internal.codec;

import java.util.List;

/// The structure of the values of a type, without a word about how they are written.
///
/// A tree. Where a type is inside itself, a [Reference] leads back up.
sealed interface Shape {

    /// A primitive or its wrapper.
    record OfPrimitive(Primitive primitive) implements Shape {}

    /// A string.
    record OfString() implements Shape {}

    /// A value of the JDK that a text says in full.
    record OfTextual(Textual textual) implements Shape {}

    /// An enum, by its constants in their order.
    ///
    /// @param type the enum's class, also where constants have classes of their own
    record OfEnum(Class<?> type, List<Enum<?>> constants) implements Shape {}

    /// A record, by its components in their order.
    record OfRecord(Class<?> type, List<Component> components, RecordAccess access)
            implements Shape {}

    /// A component of a record.
    ///
    /// @param type its class, which is primitive or a wrapper where the shape is a primitive
    /// @param step what a path says of it: its name after a dot, or the name of a user's type, with
    /// which the path begins
    /// @param role what a person calls such a user's value; empty for all others
    record Component(String name, Class<?> type, Shape shape, String step, String role) {}

    /// A sealed interface, by the records and enums that may implement it, in the declared order.
    record OfSealed(Class<?> type, List<Case> cases) implements Shape {}

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
    record OfOptional(Class<?> type, Shape element) implements Shape {}

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
    /// @param up 1 for the innermost one, 2 for the one around that
    /// @param levels how many values lie between a value of that type and one at this place
    record Reference(int up, int levels) implements Shape {}
}
