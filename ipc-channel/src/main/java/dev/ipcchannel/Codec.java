package dev.ipcchannel;

/// Turns messages of one type into bytes and back.
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

    /// Strings as UTF-8. A string with an unpaired surrogate is refused, on both sides.
    static Codec<String> utf8() {
        return Utf8Codec.INSTANCE;
    }

    /// Bytes as they are.
    static Codec<byte[]> bytes() {
        return BytesCodec.INSTANCE;
    }

    /// The codec for a type: `String`, `byte[]`, or a record of these, of [Sender] and [Receiver],
    /// and of such records.
    ///
    /// @throws IllegalArgumentException for any other type, or a record that the library may not
    /// read
    static <T> Codec<T> of(Class<T> type) {
        return Codecs.of(type);
    }
}
