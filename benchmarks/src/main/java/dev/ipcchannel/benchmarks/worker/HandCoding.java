package dev.ipcchannel.benchmarks.worker;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The limit: code for this one record, written by hand, that makes the same bytes.
///
/// ```text
///     +----+-------+-------------+--------+------------+
///     | id | count | 8 values    | length | name       |     little-endian
///     +----+-------+-------------+--------+------------+
///     0    4       5             37       38           48
/// ```
///
/// It takes arrays of fewer than 128 values and names of fewer than 128 ASCII characters, and
/// checks that.
final class HandCoding implements Coding {

    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final int LONGEST = 127; // of what has its length in one byte

    private final byte[] array = new byte[Payload.LENGTH * Reading.PERIOD];
    private final MemorySegment memory = MemorySegment.ofArray(array);
    private int position;

    @Override
    public void encode(Reading[] readings) {
        int at = 0;
        for (Reading reading : readings) {
            at = encode(reading, at);
        }
    }

    private int encode(Reading reading, int start) {
        float[] values = reading.values();
        String name = reading.name();
        checkLength(values.length);
        checkLength(name.length());
        memory.set(INT, start, reading.id());
        memory.set(BYTE, start + 4, (byte) values.length);
        MemorySegment.copy(values, 0, memory, FLOAT, start + 5, values.length);
        int at = start + 5 + values.length * Float.BYTES;
        memory.set(BYTE, at++, (byte) name.length());
        // A name through its array: memory would check each character's place.
        int all = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            all |= c;
            array[at + i] = (byte) c;
        }
        checkLength(all);
        return at + name.length();
    }

    @Override
    public void decode(Reading[] copies) {
        position = 0;
        for (int i = 0; i < copies.length; i++) {
            copies[i] = decode();
        }
    }

    private Reading decode() {
        int at = position;
        int id = memory.get(INT, at);
        float[] values = new float[checkLength(memory.get(BYTE, at + 4))];
        MemorySegment.copy(memory, FLOAT, at + 5, values, 0, values.length);
        at += 5 + values.length * Float.BYTES;
        int length = checkLength(memory.get(BYTE, at++));
        position = at + length;
        return new Reading(id, values, new String(array, at, length, StandardCharsets.UTF_8));
    }

    /// Also of a character.
    private static int checkLength(int length) {
        if (length < 0 || length > LONGEST) {
            throw new IllegalStateException(
                    "out of bounds: length=%d, limit=%d".formatted(length, LONGEST));
        }
        return length;
    }

    @Override
    public byte[] bytes() {
        return array.clone();
    }
}
