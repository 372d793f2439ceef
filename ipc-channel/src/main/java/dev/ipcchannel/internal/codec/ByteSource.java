package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.value.CodecException;
import dev.ipcchannel.internal.value.Depth;
import dev.ipcchannel.internal.value.Utf8;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// A reader of the bytes of a message, which no thread may change meanwhile. Numbers are
/// little-endian.
///
/// Each read is checked against the bytes left before it allocates anything. Used by one thread at
/// a time.
public final class ByteSource {

    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN)
                    .withInvokeExactBehavior();
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
                    .withInvokeExactBehavior();
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
                    .withInvokeExactBehavior();

    private byte[] buffer;
    private MemorySegment segment;
    private int position;
    private int limit;
    private int start;
    private int end; // of all bytes, also while the source is narrowed
    private final Depth depth = new Depth();
    private final Effort effort = new Effort();
    private @Nullable BiFunction<EndType, EndWords, Object> ends;

    /// Reads `buffer` from the index `from` up to but not including `limit`.
    public ByteSource(byte[] buffer, int from, int limit) {
        this.buffer = buffer;
        segment = MemorySegment.ofArray(buffer);
        reset(buffer, from, limit);
    }

    /// Continues with other bytes.
    @SuppressWarnings("ReferenceEquality") // whether it is the same array, not an equal one
    public void reset(byte[] newBuffer, int from, int newLimit) {
        if (from < 0 || newLimit < from || newLimit > newBuffer.length) {
            throw new IllegalArgumentException(
                    "bytes must lie within their array: from=%d, limit=%d, capacity=%d"
                            .formatted(from, newLimit, newBuffer.length));
        }
        if (buffer != newBuffer) {
            buffer = newBuffer;
            segment = MemorySegment.ofArray(newBuffer);
        }
        start = from;
        end = newLimit;
        again();
    }

    /// Goes back to the first byte, whatever happened in an earlier reading.
    public void again() {
        position = start;
        limit = end;
        depth.restore(0);
        effort.reset();
    }

    /// Reads a byte, 0 to 255.
    public int getByte() {
        return buffer[skip(1)] & 0xFF;
    }

    /// Reads a byte that must be 0 or 1.
    public boolean getBoolean() {
        int value = getByte();
        if (value > 1) {
            throw new CodecException("is neither 0 nor 1: byte=" + value);
        }
        return value == 1;
    }

    /// Reads two bytes.
    public short getShort() {
        return (short) SHORT.get(buffer, skip(Short.BYTES));
    }

    /// Reads four bytes.
    public int getInt() {
        return (int) INT.get(buffer, skip(Integer.BYTES));
    }

    /// Reads eight bytes.
    public long getLong() {
        return (long) LONG.get(buffer, skip(Long.BYTES));
    }

    /// Reads four bytes, and keeps the bits of a NaN.
    public float getFloat() {
        return Float.intBitsToFloat(getInt());
    }

    /// Reads eight bytes, and keeps the bits of a NaN.
    public double getDouble() {
        return Double.longBitsToDouble(getLong());
    }

    /// Reads an unsigned number of at most 64 bits in LEB128.
    public long getVarint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = getByte();
            value |= (next & 0x7FL) << shift;
            if (next < 0x80) {
                if (shift == Long.SIZE - 1 && next > 1) {
                    break;
                }
                return value;
            }
        }
        throw new CodecException("has a varint of more than 64 bits");
    }

    /// Reads a number of elements that take at least `bytesEach` bytes each. A number that cannot
    /// fit into the bytes left is refused.
    public int getCount(int bytesEach) {
        long count = getVarint();
        if (count < 0 || count > remaining() / bytesEach) {
            throw new CodecException("is cut short: count=%s, bytes each=%d, left=%d"
                    .formatted(Long.toUnsignedString(count), bytesEach, remaining()));
        }
        return (int) count;
    }

    /// Reads `count` bytes into an array of their own.
    public byte[] getBytes(int count) {
        int from = skip(count);
        return Arrays.copyOfRange(buffer, from, from + count);
    }

    /// Reads `count` bytes as UTF-8.
    ///
    /// @throws CodecException if they are not UTF-8
    public String getUtf8(int count) {
        int from = skip(count);
        return Utf8.decode(buffer, from, count);
    }

    /// Reads a text that [ByteSink#putString] wrote.
    public String getString() {
        return getUtf8(getCount(1));
    }

    /// Reads `count` bytes that must be 0 or 1.
    public boolean[] getBooleans(int count) {
        check(count);
        boolean[] values = new boolean[count];
        for (int i = 0; i < count; i++) {
            values[i] = getBoolean();
        }
        return values;
    }

    /// Reads `count` numbers.
    public short[] getShorts(int count) {
        int from = skip((long) count * Short.BYTES);
        short[] values = new short[count];
        copyTo(values, count, ValueLayout.JAVA_SHORT_UNALIGNED, from);
        return values;
    }

    /// Reads `count` chars.
    public char[] getChars(int count) {
        int from = skip((long) count * Character.BYTES);
        char[] values = new char[count];
        copyTo(values, count, ValueLayout.JAVA_CHAR_UNALIGNED, from);
        return values;
    }

    /// Reads `count` numbers.
    public int[] getInts(int count) {
        int from = skip((long) count * Integer.BYTES);
        int[] values = new int[count];
        copyTo(values, count, ValueLayout.JAVA_INT_UNALIGNED, from);
        return values;
    }

    /// Reads `count` numbers.
    public long[] getLongs(int count) {
        int from = skip((long) count * Long.BYTES);
        long[] values = new long[count];
        copyTo(values, count, ValueLayout.JAVA_LONG_UNALIGNED, from);
        return values;
    }

    /// Reads `count` numbers.
    public float[] getFloats(int count) {
        int from = skip((long) count * Float.BYTES);
        float[] values = new float[count];
        copyTo(values, count, ValueLayout.JAVA_FLOAT_UNALIGNED, from);
        return values;
    }

    /// Reads `count` numbers.
    public double[] getDoubles(int count) {
        int from = skip((long) count * Double.BYTES);
        double[] values = new double[count];
        copyTo(values, count, ValueLayout.JAVA_DOUBLE_UNALIGNED, from);
        return values;
    }

    private void copyTo(Object values, int count, ValueLayout layout, int from) {
        // In the byte order of this machine, which is little-endian wherever the library runs.
        MemorySegment.copy(segment, layout, from, values, 0, count);
    }

    /// Skips the next `count` bytes and gives the index of the first.
    public int skip(long count) {
        check(count);
        int from = position;
        position += (int) count;
        return from;
    }

    private void check(long count) {
        if (count < 0 || count > remaining()) {
            throw new CodecException(
                    "is cut short: needed=%d, left=%d".formatted(count, remaining()));
        }
    }

    /// The number of bytes that have not been read.
    public int remaining() {
        return limit - position;
    }

    /// Limits the source to the next `count` bytes.
    ///
    /// @return the argument for [#widen], which removes the limit
    public int narrow(int count) {
        check(count);
        int outer = limit;
        limit = position + count;
        return outer;
    }

    /// Removes the limit that [#narrow] set.
    public void widen(int outer) {
        limit = outer;
    }

    /// The array of the bytes; [#skip] gives an index in it.
    public byte[] buffer() {
        return buffer;
    }

    /// Sets the function that makes an end of the type's class from words that another process has
    /// written, or throws a [CodecException].
    public void setEnds(BiFunction<EndType, EndWords, Object> newEnds) {
        ends = newEnds;
    }

    Object end(EndType type, EndWords words) {
        if (ends == null) {
            throw new CodecException("is an end of a channel, which cannot arrive here");
        }
        return ends.apply(type, words);
    }

    /// The number of bytes that have been read.
    int consumed() {
        return position - start;
    }

    Depth depth() {
        return depth;
    }

    Effort effort() {
        return effort;
    }
}
