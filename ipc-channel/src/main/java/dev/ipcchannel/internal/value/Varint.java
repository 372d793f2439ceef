package dev.ipcchannel.internal.value;

/// The form of unsigned numbers as LEB128: seven bits a byte, the lowest first, the top bit set on
/// all but the last.
public final class Varint {

    public static final int MAX_LENGTH = 10; // ceil(64 / 7)

    private Varint() {}

    /// The number of bytes that `value` takes.
    public static int length(long value) {
        return (Long.SIZE + 6 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }
}
