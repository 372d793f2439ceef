package dev.ipcchannel.internal.codec;

/// The words that stand for an end of a channel in the bytes of a message.
///
/// @param words written and read by the layer above; not changed any more
/// @param descriptors the number of the message's descriptors that belong to it
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
