package dev.ipcchannel.zipc;

import java.lang.foreign.MemorySegment;

/// The layout of a queue in its memory, in bytes: `q` slots of `m` bytes each.
///
/// ```text
///     0      4        64     68        72       128       128+8q     128+8q+qm
///     +------+--------+------+---------+--------+---------+----------+------+
///     | head |        | tail | waiters |        | lengths | slots    | flag |
///     +------+--------+------+---------+--------+---------+----------+------+
///       u32            u32    u32                q × u64   q × m      i32
/// ```
///
/// Head and tail are indices of slots. [ZipcDialect#CURRENT] has the flag at the next multiple of
/// 4.
///
/// @param slots the number of slots, of which one is always free
/// @param slotLength the length of a slot, which is that of the longest message
record QueueLayout(int slots, int slotLength, ZipcDialect dialect) {

    static final long HEAD = 0;
    static final long TAIL = 64;
    static final long WAITERS = 68;
    static final long LENGTHS = 128;

    static final int ALIGNMENT = 8; // of the queue, for the lengths

    private static final int MIN_SLOTS = 2; // a queue of one slot would be empty and full at once
    private static final int LENGTH = Long.BYTES;
    private static final int FLAG = Integer.BYTES;

    QueueLayout {
        check("a zipc queue", slots, slotLength);
    }

    /// The layout of a queue with a name.
    ///
    /// @throws IllegalArgumentException if a size is too small; the message has the name
    static QueueLayout of(QueueFile place, int slots, int slotLength, ZipcDialect dialect) {
        check("zipc queue " + place.shown(), slots, slotLength);
        return new QueueLayout(slots, slotLength, dialect);
    }

    private static void check(String queue, int slots, int slotLength) {
        if (slots < MIN_SLOTS) {
            throw new IllegalArgumentException(
                    "%s has at least %d slots, one of which stays free: queueSize=%d"
                            .formatted(queue, MIN_SLOTS, slots));
        }
        if (slotLength < 1) {
            throw new IllegalArgumentException(
                    "%s has slots of at least 1 byte: messageSize=%d".formatted(queue, slotLength));
        }
    }

    /// Checks that memory fits this layout.
    ///
    /// @throws IllegalArgumentException if it does not; the message has the queue's name
    void checkFits(MemorySegment memory, QueueFile place) {
        if (!memory.isNative() || memory.isReadOnly()) {
            throw new IllegalArgumentException(
                    ("the memory for zipc queue %s is not native, or cannot be written: native=%s,"
                            + " readOnly=%s:")
                            .formatted(place.shown(), memory.isNative(), memory.isReadOnly())
                            + " allocate it with an Arena");
        }
        if (memory.byteSize() < length() || memory.address() % ALIGNMENT != 0) {
            throw new IllegalArgumentException(
                    ("the memory for zipc queue %s has at least %d bytes, at a multiple of %d:"
                            + " bytes=%d, address=0x%x:")
                            .formatted(place.shown(), length(), ALIGNMENT, memory.byteSize(),
                                    memory.address())
                            + " allocate as many as Zipc.sharedMemorySize says, aligned to "
                            + ALIGNMENT);
        }
    }

    long lengthAt(int slot) {
        return LENGTHS + (long) LENGTH * slot;
    }

    long slotAt(int slot) {
        return lengthAt(slots) + (long) slotLength * slot;
    }

    long flag() {
        long end = slotAt(slots);
        return dialect == ZipcDialect.CURRENT ? (end + FLAG - 1) & -FLAG : end;
    }

    /// The number and the length of the slots, for people.
    String sizes() {
        return "%d slots of %s".formatted(slots, bytes(slotLength));
    }

    /// A number of bytes, for people.
    static String bytes(int count) {
        return count == 1 ? "1 byte" : count + " bytes";
    }

    /// The length of the queue.
    long length() {
        return flag() + FLAG;
    }
}
