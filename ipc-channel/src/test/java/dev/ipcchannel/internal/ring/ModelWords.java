package dev.ipcchannel.internal.ring;

import java.util.Arrays;
import java.util.List;

/// The words of a ring's region that are in use: the place of each in the model, and its name in a
/// trace.
final class ModelWords {

    private static final List<String> TRAILER_NAMES = List.of("writer-asleep", "writer-need",
            "writer-closed", "reader-position", "reader-asleep", "reader-closed");

    private final long capacity;
    private final long[] trailer; // offsets

    ModelWords(long capacity) {
        this.capacity = capacity;
        this.trailer = new long[6];
        trailer[0] = RingLayout.writerAsleep(capacity);
        trailer[1] = RingLayout.writerNeed(capacity);
        trailer[2] = RingLayout.writerClosed(capacity);
        trailer[3] = RingLayout.readerPosition(capacity);
        trailer[4] = RingLayout.readerAsleep(capacity);
        trailer[5] = RingLayout.readerClosed(capacity);
    }

    int count() {
        return dataWords() + trailer.length;
    }

    /// The place of the word at `offset`.
    int place(long offset) {
        if (offset < capacity) {
            return (int) offset / Long.BYTES;
        }
        int index = Arrays.binarySearch(trailer, offset); // the layout's order is by offset
        if (index < 0) {
            throw new AssertionError("no such word: offset=" + offset + ", capacity=" + capacity);
        }
        return dataWords() + index;
    }

    /// The word at `offset` and its value, for a trace.
    String describe(long offset, long value) {
        return offset < capacity
                ? "ring[%d] = 0x%x".formatted(offset, value)
                : TRAILER_NAMES.get(place(offset) - dataWords()) + " = " + value;
    }

    private int dataWords() {
        return (int) capacity / Long.BYTES;
    }
}
