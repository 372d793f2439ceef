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
/// lines in pairs. The reader's position has a block of its own: it changes with every message, and
/// the writer looks at the reader's other words after every message. So have the marks, which
/// change as seldom or as often as those who talk over the ring like.
public final class RingLayout {

    /// Two cache lines.
    static final long BLOCK = 128;

    /// What follows the data: the blocks, filled up to a page of the smallest size there is.
    static final long TRAILER_LENGTH = 4096;

    /// The smallest ring that a lane may have, in bytes.
    public static final int MIN_CAPACITY = 4 * 1024;

    /// The largest ring that a lane may have, in bytes.
    public static final int MAX_CAPACITY = 1024 * 1024 * 1024;

    private RingLayout() {}

    /// The whole region's length for a ring of `capacity` bytes.
    public static long regionLength(long capacity) {
        return capacity + TRAILER_LENGTH;
    }

    /// The longest payload of one record: a record fills at most half of the ring, since that is
    /// the longest that fits an empty ring at every index, with the padding before it and the next
    /// header behind it.
    public static int maxPayload(long capacity) {
        return (int) (capacity / 2 - RecordHeader.LENGTH);
    }

    /// Whether a lane may have a ring of this capacity.
    public static boolean isCapacity(long capacity) {
        return capacity >= MIN_CAPACITY && capacity <= MAX_CAPACITY && Long.bitCount(capacity) == 1;
    }

    /// Odd while the writer sleeps, waiting for space. Written by the writer.
    static long writerAsleep(long capacity) {
        return capacity;
    }

    /// The reader's position at which a sleeping writer has the space that it waits for. Written by
    /// the writer.
    static long writerNeed(long capacity) {
        return capacity + 8;
    }

    /// 1 once the writer has closed in order: nothing more is coming. Written by the writer.
    static long writerClosed(long capacity) {
        return capacity + 16;
    }

    /// What both sides call the lane in recordings: a number at random, stored before anybody else
    /// knows of the region. Nothing depends on it. Written by the writer.
    static long laneId(long capacity) {
        return capacity + 24;
    }

    /// Everything below this position may be overwritten. Written by the reader.
    static long readerPosition(long capacity) {
        return capacity + BLOCK;
    }

    /// Odd while the reader sleeps, waiting for a record. Written by the reader.
    static long readerAsleep(long capacity) {
        return capacity + 2 * BLOCK;
    }

    /// Which of the last 64 files of long messages the reader has let go as soon as it had read the
    /// message: a bit for each, by their number modulo 64. Written by the reader.
    static long filesLetGo(long capacity) {
        return capacity + 2 * BLOCK + 16;
    }

    /// 1 once the reader has closed in order: nothing more will be read. Written by the reader.
    static long readerClosed(long capacity) {
        return capacity + 2 * BLOCK + 8;
    }

    /// The writer's mark, see [RingMarks]; 0 before its first one. Written by the writer.
    static long writerMark(long capacity) {
        return capacity + 3 * BLOCK;
    }

    /// The reader's mark, see [RingMarks]; 0 before its first one. Written by the reader.
    static long readerMark(long capacity) {
        return capacity + 4 * BLOCK;
    }
}
