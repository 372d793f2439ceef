package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.value.CodecException;
import org.jspecify.annotations.Nullable;

/// The binary form of the values of one shape. Every value takes at least one byte.
///
/// @implNote Implementations that serve hot plans are records, because the JIT compiler trusts the
/// fields of a record: if a form is a constant, so is everything that it refers to.
interface BinaryForm {

    /// Appends `value`, which is not null.
    void encode(Object value, ByteSink sink);

    /// Reads a value.
    Object decode(ByteSource source);

    /// The value, checked. Callers that do not check for null may pass one, at the top and anywhere
    /// inside.
    static Object required(@Nullable Object value) {
        if (value == null) {
            throw new CodecException("is null: use Optional");
        }
        return value;
    }

    /// The same form in a variant that takes longer to make and then runs faster.
    default BinaryForm composed() {
        return this;
    }

    /// The form that a reference points to, set once it has been made.
    ///
    /// @param <F> the class of the form, of this format or another
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
