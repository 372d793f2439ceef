package dev.ipcchannel.internal.codec;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// `Optional` and its primitive siblings, as one.
final class Optionals {

    private Optionals() {}

    /// What an optional holds, or null.
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
        return content == null ? OptionalDouble.empty() : OptionalDouble.of((double) content);
    }
}
