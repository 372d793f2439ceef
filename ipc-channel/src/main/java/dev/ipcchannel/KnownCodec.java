package dev.ipcchannel;

import dev.ipcchannel.internal.codec.RecordHead;
import dev.ipcchannel.internal.codec.TypePlan;
import dev.ipcchannel.internal.end.ByteTail;
import org.jspecify.annotations.Nullable;

/// A codec of the library's own, with more facts than a [Codec] gives. Its `toString` is the user's
/// name for the type of its messages.
///
/// @param <T> the type of the messages
interface KnownCodec<T> extends Codec<T> {

    /// The codec of strings.
    Codec<String> STRINGS = new OfStrings();

    /// The codec of bytes.
    Codec<byte[]> BYTES = new OfBytes();

    /// The class of all its messages, if the codec does not check that itself.
    default Class<?> raw() {
        return Object.class;
    }

    /// Whether ends of channels, or shared bytes, can be in a message.
    default boolean mayHaveEnds() {
        return false;
    }

    /// The codec of strings as UTF-8, strict in both directions: text that UTF-8 cannot express is
    /// an error, never a question mark.
    final class OfStrings implements KnownCodec<String> {

        private OfStrings() {}

        @Override
        public void encode(String message, Encoder out) {
            out.sink().putUtf8(message);
        }

        @Override
        public String decode(Decoder in) {
            return in.source().getUtf8(in.remaining());
        }

        @Override
        public String description() {
            return "string";
        }

        @Override
        public Class<?> raw() {
            return String.class;
        }

        @Override
        public String toString() {
            return "String";
        }
    }

    /// The codec of bytes as they are.
    final class OfBytes implements KnownCodec<byte[]>, ByteTail {

        private OfBytes() {}

        @Override
        public void encode(byte[] message, Encoder out) {
            out.lend(message);
        }

        @Override
        public String description() {
            return "bytes";
        }

        @Override
        public byte[] decode(Decoder in) {
            byte[] tail = in.takeTail();
            return tail != null ? tail : in.getBytes(in.remaining());
        }

        @Override
        public int headLength() {
            return 0;
        }

        @Override
        public Class<?> raw() {
            return byte[].class;
        }

        @Override
        public String toString() {
            return "byte[]";
        }
    }

    /// A codec that follows a plan made for a type.
    ///
    /// @param mayHaveEnds whether ends of channels, or shared bytes, can be in a message
    /// @param movingEnd the first place of an end that moves when it is sent, for instance
    /// `Order.answers`; empty if there is none. All ends move; shared bytes do not
    record OfPlan<T>(TypePlan<T> plan, boolean mayHaveEnds, String movingEnd)
            implements KnownCodec<T> {

        @Override
        public void encode(T message, Encoder out) {
            plan.encode(message, out.sink());
        }

        @Override
        public T decode(Decoder in) {
            return plan.decode(in.source());
        }

        @Override
        public @Nullable MessageHead head(Decoder in) {
            RecordHead head = plan.head(in.source());
            return head == null ? null : new MessageHead(head.type(), head.number());
        }

        @Override
        public String description() {
            return plan.description();
        }

        @Override
        public String toString() {
            return plan.name();
        }
    }
}
