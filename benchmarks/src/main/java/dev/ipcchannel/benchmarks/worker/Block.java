package dev.ipcchannel.benchmarks.worker;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A message of any number of words, as the programs in C and C++ have it.
///
/// In one that is no longer than a page, all words count up from the sequence. In a long one the
/// first word of each page does, written before the message is sent and checked after it has
/// arrived; all other words are their own index, and are checked in the first message of a slice.
///
/// @param length in bytes
record Block(int length) {

    /// The sequence of the message that ends a slice.
    static final long STOP = -1000;

    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED; // of any array
    private static final int PAGE = 4096;

    /// Bytes from one word that counts up to the next.
    private int stride() {
        return length > PAGE ? PAGE : Long.BYTES;
    }

    /// Bytes in which only the sequence is missing.
    byte[] blank() {
        byte[] bytes = new byte[length];
        MemorySegment words = MemorySegment.ofArray(bytes);
        for (int i = 0; i < length; i += Long.BYTES) {
            words.set(WORD, i, i / Long.BYTES);
        }
        return bytes;
    }

    void write(MemorySegment message, long sequence) {
        int stride = stride();
        for (int i = 0, count = 0; i < length; i += stride, count++) {
            message.set(WORD, i, sequence + count);
        }
    }

    /// Checks a message and gives its sequence: `expected`, or [#STOP].
    long check(MemorySegment message, long received, long expected) {
        if (received != length) {
            throw unexpected(-1, received, expected);
        }
        long sequence = message.get(WORD, 0);
        long wrong = 0;
        int stride = stride();
        for (int i = 0, count = 0; i < length; i += stride, count++) {
            wrong |= message.get(WORD, i) ^ (sequence + count);
        }
        boolean isNext = sequence == expected || sequence == STOP;
        if (wrong != 0 || !isNext || (sequence == 0 && !isWhole(message))) {
            throw unexpected(sequence, received, expected);
        }
        return sequence;
    }

    private boolean isWhole(MemorySegment message) {
        for (int i = 0; i < length; i += Long.BYTES) {
            if (i % stride() != 0 && message.get(WORD, i) != i / Long.BYTES) {
                return false;
            }
        }
        return true;
    }

    private IllegalStateException unexpected(long sequence, long received, long expected) {
        return new IllegalStateException(
                ("a message is not the one that was sent: sequence=%d, expected=%d, length=%d,"
                        + " expected=%d")
                        .formatted(sequence, expected, received, length));
    }
}
