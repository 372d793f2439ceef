package dev.ipcchannel.benchmarks.worker;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The message that all contenders send: 48 bytes, six words that count up from a sequence.
///
/// The writer writes all six and the reader looks at all six, whatever the contender.
final class Payload {

    /// Bytes of a message.
    static final int LENGTH = 48;

    /// The sequence of the message that ends a slice.
    static final long STOP = -1000;

    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder())
                    .withInvokeExactBehavior();

    private Payload() {}

    static void write(MemorySegment memory, long offset, long sequence) {
        memory.set(WORD, offset, sequence);
        memory.set(WORD, offset + 8, sequence + 1);
        memory.set(WORD, offset + 16, sequence + 2);
        memory.set(WORD, offset + 24, sequence + 3);
        memory.set(WORD, offset + 32, sequence + 4);
        memory.set(WORD, offset + 40, sequence + 5);
    }

    static void write(byte[] bytes, long sequence) {
        for (int i = 0; i < LENGTH; i += Long.BYTES) {
            LONG.set(bytes, i, sequence + (i >> 3));
        }
    }

    /// Checks a message and gives its sequence: `expected`, or [#STOP].
    static long check(MemorySegment memory, long offset, long length, long expected) {
        return check(memory.get(WORD, offset), memory.get(WORD, offset + 8),
                memory.get(WORD, offset + 16), memory.get(WORD, offset + 24),
                memory.get(WORD, offset + 32), memory.get(WORD, offset + 40), length, expected);
    }

    /// Checks a message and gives its sequence: `expected`, or [#STOP].
    static long check(byte[] bytes, long expected) {
        return check(word(bytes, 0), word(bytes, 8), word(bytes, 16), word(bytes, 24),
                word(bytes, 32), word(bytes, 40), bytes.length, expected);
    }

    /// Checks the six words of a message and gives its sequence: `expected`, or [#STOP].
    static long check(long a, long b, long c, long d, long e, long f, long length, long expected) {
        long wrong = (b - (a + 1)) | (c - (a + 2)) | (d - (a + 3)) | (e - (a + 4)) | (f - (a + 5));
        boolean isNext = a == expected || a == STOP;
        if (wrong != 0 || !isNext || length != LENGTH) {
            throw unexpected(a, length, expected);
        }
        return a;
    }

    static IllegalStateException unexpected(Object sequence, long length, long expected) {
        return new IllegalStateException("a message is not the one that was sent: "
                + "sequence=%s, expected=%d, length=%d, expected=%d"
                        .formatted(sequence, expected, length, LENGTH));
    }

    private static long word(byte[] bytes, int index) {
        return (long) LONG.get(bytes, index);
    }
}
