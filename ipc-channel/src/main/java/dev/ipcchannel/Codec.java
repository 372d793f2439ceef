package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/// A way to turn messages of one type into bytes and back.
///
/// Any number of threads may use a codec at once. Both sides of a channel use codecs that agree on
/// the bytes.
///
/// @param <T> the type of the messages
public interface Codec<T> {

    /// Appends the message to `out`. An exception reaches the sender as [CodecFailed]; then nothing
    /// is sent, and ends put into `out` remain the sender's.
    ///
    /// This method may itself send, also on the channel that it encodes for: that message goes
    /// first.
    void encode(T message, Encoder out);

    /// Reads a whole message from `in`. An exception reaches the receiver as [CodecFailed]; then
    /// the message is consumed and the ends in it are closed.
    T decode(Decoder in);

    /// The head of a message that [#decode] has failed with: its record, and the number by which
    /// the other side knows it, such as the id of a call. Called after the failure, with the
    /// message from its beginning again, or with only its beginning if the message does not fit
    /// into the heap. It takes no ends out. Its exceptions are ignored.
    ///
    /// The library's codecs read it from a record whose first component is a `long`, also where
    /// that record is a case of a sealed interface.
    ///
    /// @return null if there is none
    default @Nullable MessageHead head(Decoder in) {
        Argument.given(in, "in");
        return null;
    }

    /// The format of the bytes, in the codec's own words. It is compared when an end of a channel
    /// arrives in another process, so that two sides that differ fail at once ([TypeMismatch]).
    /// Empty if nothing is to be compared.
    default String description() {
        return "";
    }

    /// The bytes of one message, for a program that carries them itself, such as a [Link] over a
    /// socket.
    ///
    /// @throws CodecFailed if [#encode] throws, or if the message has ends of channels or
    /// [SharedBytes] in it, which go through channels only
    /// @throws MessageTooLarge if they are more than 1 GiB
    default byte[] toBytes(T message) {
        return MessageBytes.encode(message, this);
    }

    /// The message that [#toBytes] has turned into `bytes`, perhaps in another process. The bytes
    /// are not trusted.
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
    /// `java.time`, and ends of channels and [SharedBytes] anywhere inside of them. A message that
    /// is itself a `String` or a `byte[]` goes as with [#utf8] and [#bytes]. docs/codec.md has the
    /// format.
    ///
    /// @throws IllegalArgumentException for any other type, or for a record that the library may
    /// not access: then the message says what to do
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

    /// The JSON codec for a type, for the same types as [#of(Class)]: for people, and for programs
    /// in other languages. docs/codec.md has the format. Only this codec needs Gson.
    ///
    /// @throws IllegalArgumentException for any other type, or a record that the library may not
    /// enter
    /// @throws IllegalStateException if the program has no Gson, or a version that is too old: then
    /// the message says what to do
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
