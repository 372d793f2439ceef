package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.value.CodecException;
import dev.ipcchannel.internal.value.Depth;
import dev.ipcchannel.internal.value.Utf8;
import dev.ipcchannel.internal.value.Varint;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A byte array that grows while it is written from the front. Numbers are little-endian.
///
/// Used by one thread at a time, and reused for message after message.
public final class ByteSink {

    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN)
                    .withInvokeExactBehavior();
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
                    .withInvokeExactBehavior();
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
                    .withInvokeExactBehavior();

    /// The number of bytes from which saving a copy pays: a copy of fewer costs no more than the
    /// saving.
    public static final int WORTH_LENDING = 4 << 10;

    private static final int FIRST_CAPACITY = 256;
    private static final int KEPT_CAPACITY = 1 << 20;
    private static final byte[] NOTHING = {};
    private static final int MAX_CAPACITY = Integer.MAX_VALUE - 8; // of an array in this JVM

    private final long limit;
    private final byte[] firstBuffer = new byte[FIRST_CAPACITY];
    private final MemorySegment firstSegment = MemorySegment.ofArray(firstBuffer);
    private byte[] buffer = firstBuffer;
    private MemorySegment segment = firstSegment;
    private int length;
    // Lent bytes become the buffer: full, and not written to. The bytes before them are the head.
    private boolean isLent;
    private byte[] head = NOTHING;
    private int headLength;
    private final Depth depth = new Depth();
    private final Effort effort = new Effort();
    private @Nullable Function<Object, EndWords> ends;

    /// A sink without a limit other than that of an array.
    public ByteSink() {
        this(MAX_CAPACITY - Varint.MAX_LENGTH);
    }

    /// @param limit of the longest message, in bytes. A message longer by less than the room of a
    /// number may get through; its sender knows its length
    public ByteSink(long limit) {
        this.limit = limit;
    }

    /// Appends the lowest byte of `value`.
    public void putByte(int value) {
        reserve(1)[length++] = (byte) value;
    }

    /// Appends 1 or 0.
    public void putBoolean(boolean value) {
        putByte(value ? 1 : 0);
    }

    /// Appends the lower two bytes of `value`.
    public void putShort(int value) {
        SHORT.set(reserve(Short.BYTES), length, (short) value);
        length += Short.BYTES;
    }

    /// Appends four bytes.
    public void putInt(int value) {
        INT.set(reserve(Integer.BYTES), length, value);
        length += Integer.BYTES;
    }

    /// Appends eight bytes.
    public void putLong(long value) {
        LONG.set(reserve(Long.BYTES), length, value);
        length += Long.BYTES;
    }

    /// Appends four bytes: the bits of `value`, also those of a NaN.
    public void putFloat(float value) {
        putInt(Float.floatToRawIntBits(value));
    }

    /// Appends eight bytes: the bits of `value`, also those of a NaN.
    public void putDouble(double value) {
        putLong(Double.doubleToRawLongBits(value));
    }

    /// Appends an unsigned number as LEB128: seven bits a byte, the lowest first.
    public void putVarint(long value) {
        byte[] target = reserve(Varint.MAX_LENGTH);
        int at = length;
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            target[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[at++] = (byte) rest;
        length = at;
    }

    /// Appends all of `bytes`.
    public void putBytes(byte[] bytes) {
        System.arraycopy(bytes, 0, reserve(bytes.length), length, bytes.length);
        length += bytes.length;
    }

    /// Appends all of `bytes`, which their owner leaves unchanged until [#reset]. A long array is
    /// not copied, unless something is appended to it.
    public void lend(byte[] bytes) {
        if (isLent || bytes.length < WORTH_LENDING || (long) length + bytes.length > limit) {
            putBytes(bytes);
            return;
        }
        segment = MemorySegment.ofArray(bytes);
        head = buffer;
        headLength = length;
        buffer = bytes;
        length += bytes.length;
        isLent = true;
    }

    /// Appends a text as UTF-8, without its length.
    ///
    /// @throws CodecException if it has an unpaired surrogate
    public void putUtf8(String text) {
        long most = (long) text.length() * Utf8.MAX_BYTES_A_CHAR;
        byte[] target = reserve(isRoomFor(most) ? most : Utf8.length(text));
        length = Utf8.encode(text, target, length);
    }

    /// Whether room for `most` bytes is there, or may be made although fewer may be needed. If not,
    /// the exact number has to be counted.
    private boolean isRoomFor(long most) {
        return length + most <= Math.max(buffer.length, KEPT_CAPACITY);
    }

    /// Appends a text as UTF-8 after its length in bytes, a varint.
    ///
    /// @throws CodecException if it has an unpaired surrogate
    public void putString(String text) {
        long most = (long) text.length() * Utf8.MAX_BYTES_A_CHAR + Varint.MAX_LENGTH;
        if (!isRoomFor(most)) {
            putCounted(text);
            return;
        }
        byte[] target = reserve(most);
        // A guess of as many bytes as chars: right for ASCII, and close for most other texts.
        int guess = length + Varint.length(text.length());
        int bytes = Utf8.encode(text, target, guess) - guess;
        int from = length + Varint.length(bytes);
        if (from != guess) {
            System.arraycopy(target, guess, target, from, bytes);
        }
        putVarint(bytes);
        length += bytes;
    }

    private void putCounted(String text) {
        long bytes = Utf8.length(text);
        putVarint(bytes); // first: it may change the buffer
        byte[] target = reserve(bytes);
        length = Utf8.encode(text, target, length);
    }

    /// Appends a byte for each: 1 or 0.
    public void putBooleans(boolean[] values) {
        byte[] target = reserve(values.length);
        for (boolean value : values) {
            target[length++] = (byte) (value ? 1 : 0);
        }
    }

    /// Appends all of `values`, without their number.
    public void putShorts(short[] values) {
        putAll(values, values.length, ValueLayout.JAVA_SHORT_UNALIGNED);
    }

    /// Appends all of `values`, without their number.
    public void putChars(char[] values) {
        putAll(values, values.length, ValueLayout.JAVA_CHAR_UNALIGNED);
    }

    /// Appends all of `values`, without their number.
    public void putInts(int[] values) {
        putAll(values, values.length, ValueLayout.JAVA_INT_UNALIGNED);
    }

    /// Appends all of `values`, without their number.
    public void putLongs(long[] values) {
        putAll(values, values.length, ValueLayout.JAVA_LONG_UNALIGNED);
    }

    /// Appends all of `values`, without their number.
    public void putFloats(float[] values) {
        putAll(values, values.length, ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    /// Appends all of `values`, without their number.
    public void putDoubles(double[] values) {
        putAll(values, values.length, ValueLayout.JAVA_DOUBLE_UNALIGNED);
    }

    private void putAll(Object values, int count, ValueLayout layout) {
        long bytes = count * layout.byteSize();
        reserve(bytes);
        // In the byte order of this machine, which is little-endian wherever the library runs. A
        // segment for the values would be an allocation for each message.
        MemorySegment.copy(values, 0, segment, layout, length, count);
        length += (int) bytes;
    }

    /// Makes room for `more` bytes after the written ones.
    ///
    /// @return the bytes, of which the first [#length] are written
    /// @throws CodecException if the message would be longer than its limit
    public byte[] reserve(long more) {
        long needed = length + more;
        if (needed > buffer.length) {
            grow(needed);
        }
        return buffer;
    }

    private void grow(long needed) {
        // Room for a number is made before its length is known.
        long most = limit + Varint.MAX_LENGTH;
        if (needed > most) {
            throw CodecException.tooLong(needed, limit);
        }
        byte[] longer = new byte[(int) Math.min(most, Math.max(needed, 2L * buffer.length))];
        copyTo(longer, 0);
        segment = MemorySegment.ofArray(longer);
        buffer = longer; // last: both lines above allocate, and may fail
        endLoan();
    }

    /// Copies the written bytes to `target`, from the index `at` on.
    public void copyTo(byte[] target, int at) {
        System.arraycopy(head, 0, target, at, headLength);
        System.arraycopy(buffer, 0, target, at + headLength, length - headLength);
    }

    private void endLoan() {
        isLent = false;
        head = NOTHING;
        headLength = 0;
    }

    /// A copy of the written bytes.
    public byte[] toByteArray() {
        byte[] copy = new byte[length];
        copyTo(copy, 0);
        return copy;
    }

    /// The array in which the bytes begin: all of them, or those before [#tail]. A different array
    /// after each growth.
    public byte[] head() {
        return isLent ? head : buffer;
    }

    /// The number of bytes in [#head].
    public int headLength() {
        return isLent ? headLength : length;
    }

    /// The lent bytes, after those of the head; empty if none were lent.
    public byte[] tail() {
        return isLent ? buffer : NOTHING;
    }

    /// The number of bytes written so far.
    public int length() {
        return length;
    }

    /// Removes the last bytes, or counts bytes as written that the caller has put into what
    /// [#reserve] returned.
    public void setLength(int newLength) {
        if (newLength < 0 || newLength > headLength + buffer.length) {
            throw new IllegalArgumentException(
                    "length must be within the buffer: length=%d, capacity=%d"
                            .formatted(newLength, headLength + buffer.length));
        }
        if (isLent && newLength < length) {
            grow(length + 1L); // into an array that may be written to
        }
        length = newLength;
    }

    /// Sets the function that takes an end in a value along, or throws a [CodecException].
    public void setEnds(Function<Object, EndWords> newEnds) {
        ends = newEnds;
    }

    EndWords take(Object end) {
        if (ends == null) {
            throw new CodecException("is an end of a channel, which cannot travel here");
        }
        return ends.apply(end);
    }

    Depth depth() {
        return depth;
    }

    Effort effort() {
        return effort;
    }

    /// Empties it for the next message, and gives a large buffer back to the collector. Allocates
    /// nothing, because the heap may be full.
    public void reset() {
        length = 0;
        depth.restore(0);
        effort.reset();
        if (isLent || buffer.length > KEPT_CAPACITY) {
            buffer = firstBuffer;
            segment = firstSegment;
            endLoan();
        }
    }
}
