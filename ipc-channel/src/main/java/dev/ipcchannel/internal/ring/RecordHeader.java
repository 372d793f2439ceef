package dev.ipcchannel.internal.ring;

/// The eight bytes before each payload: the word that commits the record. Zero means "not yet".
///
/// ```text
///      63           48 47     40 39           32 31                    0
///     +---------------+---------+---------------+-----------------------+
///     |    ticket     |  parts  |     flags     |    payload length     |
///     +---------------+---------+---------------+-----------------------+
///       flags: 1 committed, 2 padding, 4 spilled, 8 retirement; the other bits are zero
/// ```
///
/// `parts` counts the packets with descriptors that belong to the record. `ticket` is the number
/// that those packets carry, so that the packets of an abandoned attempt are not taken for this
/// record's.
///
/// A record is its header and its payload, rounded up to whole cache lines: a message of up to 56
/// bytes is one line, which travels once. Padding fills the ring up to its end, where the next
/// record would not fit in one piece. A spilled record stands for a message that lies in a file of
/// its own. A retirement names such files that are not used again, or replaces a record that was
/// given up after some of its packets were sent. The reader of a spilled record or of a retirement
/// checks its payload.
public final class RecordHeader {

    /// Bytes of a header.
    public static final int LENGTH = 8;

    /// Records start at multiples of this: a cache line.
    public static final int ALIGNMENT = 64;

    /// The most packets with descriptors that one record may have.
    public static final int MAX_PARTS = 64;

    private static final long COMMITTED = 1L << 32;
    private static final long PADDING = 1L << 33;
    private static final long SPILLED = 1L << 34;
    private static final long RETIREMENT = 1L << 35;
    private static final long UNKNOWN_FLAGS =
            0xFFL << 32 & ~(COMMITTED | PADDING | SPILLED | RETIREMENT);

    private RecordHeader() {}

    static long message(int payloadLength, int parts, int ticket) {
        return (long) (ticket & 0xFFFF) << 48 | (long) parts << 40 | COMMITTED | payloadLength;
    }

    static long spilled(int payloadLength, int parts, int ticket) {
        return message(payloadLength, parts, ticket) | SPILLED;
    }

    static long retirement(int payloadLength, int parts) {
        return message(payloadLength, parts, 0) | RETIREMENT;
    }

    static long padding(long payloadLength) {
        return COMMITTED | PADDING | payloadLength;
    }

    static boolean isPadding(long header) {
        return (header & PADDING) != 0;
    }

    static boolean isSpilled(long header) {
        return (header & SPILLED) != 0;
    }

    static boolean isRetirement(long header) {
        return (header & RETIREMENT) != 0;
    }

    static int payloadLength(long header) {
        return (int) header;
    }

    static int parts(long header) {
        return (int) (header >>> 40) & 0xFF;
    }

    static int ticket(long header) {
        return (int) (header >>> 48);
    }

    /// The length of header and payload together, rounded up to whole cache lines.
    static long recordLength(int payloadLength) {
        return ((long) payloadLength + LENGTH + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /// Whether a record may start at `position`.
    public static boolean isAligned(long position) {
        return (position & (ALIGNMENT - 1)) == 0;
    }

    /// Checks a header that the other process wrote, at `index` of a ring of `capacity` bytes.
    static void check(long header, long index, long capacity) {
        int length = payloadLength(header);
        boolean isPadding = isPadding(header);
        long limit = isPadding ? capacity - index - LENGTH : RingLayout.maxPayload(capacity);
        boolean isSound = (header & (COMMITTED | UNKNOWN_FLAGS)) == COMMITTED
                && length >= 0
                && length <= limit
                && index + recordLength(length) <= capacity
                && parts(header) <= MAX_PARTS
                && (!isPadding || header == padding(limit));
        if (!isSound) {
            throw new RingViolation(
                    "record header breaks the format: header=0x%016x, index=%d, capacity=%d"
                            .formatted(header, index, capacity));
        }
    }
}
