package dev.ipcchannel.internal.codec;

/// A carrier that brings in the ends of channels that came with the message that is being read.
@FunctionalInterface
public interface InboundCarrier {

    /// Makes an end of what a [Carrier] wrote in its place.
    ///
    /// @param words as read, with whatever the other process put there
    /// @param descriptors how many of the message's descriptors belong to it, never negative
    /// @return a value of the type's [EndType#raw] class
    /// @throws CodecException if they are no such end
    Object arrive(EndType type, long[] words, int descriptors);
}
