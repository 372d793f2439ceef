package dev.ipcchannel.internal.codec;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/// The knowledge of which types are ends of channels.
@FunctionalInterface
public interface EndTypes {

    /// The end that a type is, or null if it is none.
    ///
    /// @param raw the type without its arguments
    /// @param resolved the type with them; no type variable of a record is left in it
    /// @param path how the type was reached, for messages: `Book.orders`
    @Nullable
    EndType find(Class<?> raw, Type resolved, String path);

    /// Knows of no ends.
    static EndTypes none() {
        return (_, _, _) -> null;
    }
}
