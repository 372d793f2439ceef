package dev.ipcchannel.benchmarks.worker;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The message of 1 MiB, as the C program has it.
///
/// The first word of each page is the sequence and the page's number, written before the message is
/// copied to where it is sent from and checked after it was copied from where it arrived; all other
/// words are their own index, and are checked in the first message of a slice.
final class LargePayload {

    /// Bytes of a message.
    static final int LENGTH = 1024 * 1024;

    /// The sequence of the message that ends a slice.
    static final long STOP = -1000;

    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED; // of any array
    private static final int PAGE = 4096;

    private LargePayload() {}

    /// Bytes in which only the sequence is missing.
    static byte[] blank() {
        byte[] bytes = new byte[LENGTH];
        MemorySegment words = MemorySegment.ofArray(bytes);
        for (int i = 0; i < LENGTH; i += Long.BYTES) {
            words.set(WORD, i, i / Long.BYTES);
        }
        return bytes;
    }

    static void write(MemorySegment message, long sequence) {
        for (int i = 0; i < LENGTH; i += PAGE) {
            message.set(WORD, i, sequence + i / PAGE);
        }
    }

    /// Checks a message and gives its sequence: `expected`, or [#STOP].
    static long check(MemorySegment message, long length, long expected) {
        long sequence = message.get(WORD, 0);
        long wrong = 0;
        for (int i = 0; i < LENGTH; i += PAGE) {
            wrong |= message.get(WORD, i) ^ (sequence + i / PAGE);
        }
        boolean isNext = sequence == expected || sequence == STOP;
        if (wrong != 0 || !isNext || length != LENGTH || (sequence == 0 && !isWhole(message))) {
            throw new IllegalStateException(
                    "a message is not the one that was sent: sequence=%d, expected=%d, length=%d"
                            .formatted(sequence, expected, length));
        }
        return sequence;
    }

    private static boolean isWhole(MemorySegment message) {
        for (int i = 0; i < LENGTH; i += Long.BYTES) {
            if (i % PAGE != 0 && message.get(WORD, i) != i / Long.BYTES) {
                return false;
            }
        }
        return true;
    }
}
