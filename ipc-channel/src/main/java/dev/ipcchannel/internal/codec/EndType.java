package dev.ipcchannel.internal.codec;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/// A type whose values are ends of channels, or similar, which move beside the bytes of a message.
/// In the bytes, [EndWords] stand for such a value.
public interface EndType {

    /// The class of its values.
    Class<?> raw();

    /// The text for it in the description of a type, `sender<string>` for instance: names, and
    /// types in angle brackets, as [TypeDescription] has them.
    String description();

    /// The text for it in JSON: its description without the types in angle brackets.
    default String name() {
        int arguments = description().indexOf('<');
        return arguments < 0 ? description() : description().substring(0, arguments);
    }

    /// The function that knows which types are ends.
    @FunctionalInterface
    interface Search {

        /// The end that a type is, or null if it is not one.
        ///
        /// @param raw the type without its arguments
        /// @param resolved the type with them, without type variables of a record
        /// @param path to the type, for messages: `Book.orders`
        @Nullable
        EndType find(Class<?> raw, Type resolved, String path);

        /// A search that knows no ends.
        static Search none() {
            return (_, _, _) -> null;
        }
    }
}
