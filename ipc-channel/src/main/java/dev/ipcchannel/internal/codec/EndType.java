package dev.ipcchannel.internal.codec;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/// A type whose values are ends of channels, or the like, which move beside the bytes of a message:
/// what stands for one in the bytes is [EndWords].
public interface EndType {

    /// The class that its values are of.
    Class<?> raw();

    /// What stands for it in the description of a type, `sender<string>` for instance: names, and
    /// types in angle brackets, as [TypeDescription] has them.
    String description();

    /// What stands for it in JSON: its description up to the types in it.
    default String name() {
        int arguments = description().indexOf('<');
        return arguments < 0 ? description() : description().substring(0, arguments);
    }

    /// The knowledge of which types are ends.
    @FunctionalInterface
    interface Search {

        /// The end that a type is, or null if it is none.
        ///
        /// @param raw the type without its arguments
        /// @param resolved the type with them; no type variable of a record is left in it
        /// @param path how the type was reached, for messages: `Book.orders`
        @Nullable
        EndType find(Class<?> raw, Type resolved, String path);

        /// Knows of no ends.
        static Search none() {
            return (_, _, _) -> null;
        }
    }
}
