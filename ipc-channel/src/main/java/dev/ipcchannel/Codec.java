package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/// A way to turn messages of one type into bytes and back.
///
/// An implementation has no state, or state that any number of threads may use at once. Both sides
/// of a channel use codecs that agree on the bytes.
///
/// @param <T> the type of the messages
public interface Codec<T> {

    /// Appends the message to `out`. What it throws reaches the sender as [CodecFailed]; then
    /// nothing is sent and ends put into `out` stay the sender's.
    ///
    /// It may itself send, also on the channel that it encodes for: that message goes first.
    void encode(T message, Encoder out);

    /// Reads a message from `in`, all of it. What it throws reaches the receiver as [CodecFailed];
    /// then the message is consumed and the ends in it are closed.
    T decode(Decoder in);

    /// What can be read of a message that [#decode] has failed with: its record and the number by
    /// which the other side knows it, such as the id of a call. Asked after the failure, with the
    /// message from its beginning again, or no more than that beginning where the message does not
    /// fit into the heap. It takes no ends out. What it throws is dropped.
    ///
    /// The codecs that the library makes have it for records, and for the cases of a sealed
    /// interface, whose first component is a `long`.
    ///
    /// @return null if there is none
    default @Nullable MessageHead head(Decoder in) {
        Argument.given(in, "in");
        return null;
    }

    /// What the bytes are, in words of the codec's own: compared when an end of a channel arrives
    /// in another process, so that two sides that differ learn of it at once ([TypeMismatch]).
    /// Empty where nothing is to be compared.
    default String description() {
        return "";
    }

    /// The bytes of one message, for a way of one's own to carry them, such as a [Link] over a
    /// socket.
    ///
    /// @throws CodecFailed if [#encode] throws, or there are ends of channels or [SharedBytes] in
    /// the message, which go through channels only
    /// @throws MessageTooLarge if they are more than 1 GiB
    default byte[] toBytes(T message) {
        return MessageBytes.encode(message, this);
    }

    /// The message that [#toBytes] has made `bytes` of, perhaps in another process: they are not
    /// believed.
    ///
    /// @throws CodecFailed if they are not the bytes of such a message
    default T fromBytes(byte[] bytes) {
        Argument.given(bytes, "bytes");
        return MessageBytes.decode(bytes, this);
    }

    /// Strings as UTF-8. A string with an unpaired surrogate is refused, on both sides.
    static Codec<String> utf8() {
        return KnownCodec.STRINGS;
    }

    /// Bytes as they are.
    static Codec<byte[]> bytes() {
        return KnownCodec.BYTES;
    }

    /// The compact binary codec for a type: records and sealed interfaces of records, enums, lists,
    /// sets, maps, optionals, arrays, primitives and their wrappers, strings, the types of
    /// `java.time`, and ends of channels and [SharedBytes] anywhere inside of them. `String` and
    /// `byte[]` themselves go as [#utf8] and [#bytes] have it. docs/codec.md has the format.
    ///
    /// @throws IllegalArgumentException for any other type, or a record that the library may not
    /// enter: then it says what to do
    static <T> Codec<T> of(Class<T> type) {
        return Codecs.binary(type, null);
    }

    /// The binary codec for a generic type. Throws what [#of(Class)] throws.
    static <T> Codec<T> of(TypeToken<T> type) {
        return Codecs.binary(Argument.given(type, "type").type(), null);
    }

    /// The binary codec for a type of which the library may only enter the records by `lookup`, of
    /// a named module that does not open them. Throws what [#of(Class)] throws.
    static <T> Codec<T> of(TypeToken<T> type, MethodHandles.Lookup lookup) {
        return Codecs.binary(Argument.given(type, "type").type(),
                Argument.given(lookup, "lookup"));
    }

    /// The binary codec for a type of which the library may only enter the records by `lookup`, of
    /// a named module that does not open them. Throws what [#of(Class)] throws.
    static <T> Codec<T> of(Class<T> type, MethodHandles.Lookup lookup) {
        return Codecs.binary(type, Argument.given(lookup, "lookup"));
    }

    /// The JSON codec for a type, the same types as [#of(Class)] has: to be read by people, and by
    /// programs in other languages. docs/codec.md has the format. It alone needs Gson.
    ///
    /// @throws IllegalArgumentException for any other type, or a record that the library may not
    /// enter
    /// @throws IllegalStateException if the program has no Gson, or one that is too old: then it
    /// says what to do
    static <T> Codec<T> json(Class<T> type) {
        return Codecs.json(type, null);
    }

    /// The JSON codec for a generic type. Throws what [#json(Class)] throws.
    static <T> Codec<T> json(TypeToken<T> type) {
        return Codecs.json(Argument.given(type, "type").type(), null);
    }

    /// The JSON codec for a type of which the library may only enter the records by `lookup`.
    /// Throws what [#json(Class)] throws.
    static <T> Codec<T> json(TypeToken<T> type, MethodHandles.Lookup lookup) {
        return Codecs.json(Argument.given(type, "type").type(),
                Argument.given(lookup, "lookup"));
    }

    /// The JSON codec for a type of which the library may only enter the records by `lookup`.
    /// Throws what [#json(Class)] throws.
    static <T> Codec<T> json(Class<T> type, MethodHandles.Lookup lookup) {
        return Codecs.json(type, Argument.given(lookup, "lookup"));
    }
}
