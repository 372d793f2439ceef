package dev.ipcchannel.cluster;

import dev.ipcchannel.Codec;

/// A job in the stream.
///
/// @param id of the job, of no other one ever
/// @param asker the process that asks, which grants each begin
/// @param isBidirectional whether an answer is wanted
/// @param isIdempotent whether it may be begun twice
/// @param isObserved whether progress and parts are wanted
/// @param headers of its context, as text
/// @param data the bytes of its data
@SuppressWarnings("ArrayRecordComponent") // bytes on their way, never compared
record Envelope(String id, String asker, boolean isBidirectional, boolean isIdempotent,
        boolean isObserved, String headers, byte[] data) {

    static final Codec<Envelope> CODEC = Codec.of(Envelope.class);

    /// What an envelope adds to the data, at most: two ids, 256 bytes of headers, lengths.
    static final int OVERHEAD = 4096;
}
