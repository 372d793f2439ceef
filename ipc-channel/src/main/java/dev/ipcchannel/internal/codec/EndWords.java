package dev.ipcchannel.internal.codec;

/// The words that stand in the bytes of a message for an end of a channel.
///
/// @param words whatever the layer above writes and reads; not changed any more
/// @param descriptors how many of the message's descriptors belong to it
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
public record EndWords(long[] words, int descriptors) {

    /// Checks the count.
    public EndWords {
        if (descriptors < 0) {
            throw new IllegalArgumentException(
                    "a number of descriptors must not be negative: descriptors=" + descriptors);
        }
    }
}
