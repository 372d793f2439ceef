package dev.ipcchannel.internal.ring;

/// The layout of a ring's region: the data first, then a trailer of five blocks.
///
/// ```text
///     0         capacity   +128       +256       +384       +512       +640   +4096
///     +---------+----------+----------+----------+----------+----------+------+
///     | records | writer's | reader's | reader's | writer's | reader's | zero |
///     |         | words    | position | words    | mark     | mark     |      |
///     +---------+----------+----------+----------+----------+----------+------+
///       writer's words:   asleep +0, need +8, closed +16, lane id +24
///       reader's words:   asleep +0, closed +8, files let go +16
/// ```
///
/// Each block is written by one side only and is two cache lines long, because processors fetch
/// lines in pairs. The reader's position has a block of its own, because it changes with every
/// message, and the writer looks at the reader's other words after every message. The marks have
/// blocks of their own too, because the users of the ring may change them at any rate.
public final class RingLayout {

    /// Two cache lines.
    static final long BLOCK = 128;

    /// The length of the trailer: the blocks, filled up to a page of the smallest size there is.
    static final long TRAILER_LENGTH = 4096;

    /// The smallest ring that a lane may have, in bytes.
    public static final int MIN_CAPACITY = 4 * 1024;

    /// The largest ring that a lane may have, in bytes.
    public static final int MAX_CAPACITY = 1024 * 1024 * 1024;

    private RingLayout() {}

    /// The length of the whole region of a ring of `capacity` bytes.
    public static long regionLength(long capacity) {
        return capacity + TRAILER_LENGTH;
    }

    /// The longest payload of one record. A record fills at most half of the ring: that is the
    /// longest that fits an empty ring at every index, with the padding before the record and the
    /// next header after it.
    public static int maxPayload(long capacity) {
        return (int) (capacity / 2 - RecordHeader.LENGTH);
    }

    /// Whether a lane may have a ring of this capacity.
    public static boolean isCapacity(long capacity) {
        return capacity >= MIN_CAPACITY && capacity <= MAX_CAPACITY && Long.bitCount(capacity) == 1;
    }

    /// An odd number while the writer sleeps, waiting for space. Written by the writer.
    static long writerAsleep(long capacity) {
        return capacity;
    }

    /// The reader's position at which a sleeping writer has the space that it waits for. Written by
    /// the writer.
    static long writerNeed(long capacity) {
        return capacity + 8;
    }

    /// 1 once the writer has closed in order: no more records come. Written by the writer.
    static long writerClosed(long capacity) {
        return capacity + 16;
    }

    /// The name of the lane in the recordings of both sides: a random number, stored before any
    /// other thread or process knows of the region. Nothing depends on it. Written by the writer.
    static long laneId(long capacity) {
        return capacity + 24;
    }

    /// The position below which everything may be overwritten. Written by the reader.
    static long readerPosition(long capacity) {
        return capacity + BLOCK;
    }

    /// An odd number while the reader sleeps, waiting for a record. Written by the reader.
    static long readerAsleep(long capacity) {
        return capacity + 2 * BLOCK;
    }

    /// A bit for each of the last 64 files of long messages, by their number modulo 64: set if the
    /// reader let the file go as soon as it had read the message. Written by the reader.
    static long filesLetGo(long capacity) {
        return capacity + 2 * BLOCK + 16;
    }

    /// 1 once the reader has closed in order: it reads no more records. Written by the reader.
    static long readerClosed(long capacity) {
        return capacity + 2 * BLOCK + 8;
    }

    /// The writer's mark, see [RingMarks]; 0 before the first one. Written by the writer.
    static long writerMark(long capacity) {
        return capacity + 3 * BLOCK;
    }

    /// The reader's mark, see [RingMarks]; 0 before the first one. Written by the reader.
    static long readerMark(long capacity) {
        return capacity + 4 * BLOCK;
    }
}
