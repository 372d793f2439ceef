package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.value.CodecException;
import org.jspecify.annotations.Nullable;

/// The form in which values of one shape stand in binary. Every value takes at least one byte.
///
/// @implNote Implementations that serve hot plans are records, for the JIT compiler trusts the
/// fields of a record: where a form is a constant, so is everything that it leads to.
interface Form {

    /// Appends `value`, which is not null.
    void encode(Object value, ByteSink sink);

    /// Reads a value.
    Object decode(ByteSource source);

    /// Callers that do not check for null may hand one in, at the top and anywhere inside.
    static Object required(@Nullable Object value) {
        if (value == null) {
            throw new CodecException("is null: use Optional");
        }
        return value;
    }

    /// The same, in a way that takes longer to make and then runs faster.
    default Form composed() {
        return this;
    }

    /// The form that a reference leads to, known once it has been made.
    ///
    /// @param <F> of this format or another
    final class Target<F> {

        private @Nullable F form;

        F form() {
            if (form == null) {
                throw new AssertionError("a form is used while it is made");
            }
            return form;
        }

        F set(F made) {
            form = made;
            return made;
        }
    }
}
