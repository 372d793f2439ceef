package dev.ipcchannel.internal.codec;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/// Knows which types are ends of channels.
@FunctionalInterface
public interface EndTypes {

    /// The end that a type is, or null if it is none.
    ///
    /// @param raw the type without its arguments
    /// @param resolved the type with them; no type variable of a record is left in it
    @Nullable
    EndType find(Class<?> raw, Type resolved);

    /// Knows of no ends.
    static EndTypes none() {
        return (_, _) -> null;
    }
}
