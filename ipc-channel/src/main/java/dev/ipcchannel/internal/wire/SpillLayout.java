package dev.ipcchannel.internal.wire;

import dev.ipcchannel.internal.ring.RecordHeader;
import dev.ipcchannel.internal.ring.RingReader;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.ring.RingWriter;

/// The format of spilled records and retirements, and the memory that the files of one lane may
/// take.
///
/// A message that is too long for the ring lies in a file of its own; its record names the file.
///
/// ```text
///     0              8              16                    24
///     +--------------+--------------+---------------------+
///     | file's id    | message's    | file's capacity, or |
///     |              | length       | 0 if it is known    |
///     +--------------+--------------+---------------------+
/// ```
///
/// A file comes as the first descriptor of the record that gives its capacity. It is used again
/// once the reader's position has passed, in each lane that has such a record. A retirement has the
/// ids of files that are not used again: the reader lets them go too.
public final class SpillLayout {

    static final int ID = 0; // indexes of words
    static final int LENGTH = 1;
    static final int CAPACITY = 2;
    static final int RECORD_LENGTH = 3 * Long.BYTES;

    /// The capacity of the smallest files; all are powers of two.
    static final int MIN_CAPACITY = 64 * 1024;

    /// The most bytes of files with unread messages: this much, or one file.
    public static final long MAX_IN_USE = 64L * 1024 * 1024;

    /// The same bound for files that many lanes share: this much, or one file.
    public static final long MAX_IN_USE_IN_ALL = 256L * 1024 * 1024;

    /// The most bytes of idle files, which wait to be used again.
    public static final long MAX_IDLE = 16L * 1024 * 1024;

    /// The most files of a lane, in use or idle: each is a descriptor of the receiver's.
    public static final int MAX_FILES = 64;

    /// The most files that many lanes share, in use or idle: each is a descriptor of the sender's.
    public static final int MAX_FILES_IN_ALL = 256;

    /// The length of a payload that takes as much of the ring as the longest retirement and a
    /// spilled record after it.
    public static final int ROOM =
            MAX_FILES * Long.BYTES + RecordHeader.ALIGNMENT + RecordHeader.ALIGNMENT
                    - RecordHeader.LENGTH;

    private SpillLayout() {}

    /// Claims a spilled record and writes it.
    ///
    /// @param length of the message
    /// @param capacity of the file if it comes with this record; else 0
    public static void claim(RingWriter ring, long id, long length, long capacity) {
        ring.claim(RECORD_LENGTH);
        ring.putWord(ID, id);
        ring.putWord(LENGTH, length);
        ring.putWord(CAPACITY, capacity);
    }

    /// Checks that the found record has the length of a spilled one.
    ///
    /// @throws RingViolation if it is not
    public static void check(RingReader ring) {
        if (ring.isRetirement() || ring.payloadLength() != RECORD_LENGTH) {
            throw new RingViolation("spilled record breaks the format: length=%d, needed=%d"
                    .formatted(ring.payloadLength(), RECORD_LENGTH));
        }
    }

    /// The id of the file, in the found spilled record. Its writer can still change this word and
    /// the next ones: load each once.
    public static long id(RingReader ring) {
        return ring.payloadWord(ID);
    }

    /// The length of the message, as its writer reports it.
    public static long length(RingReader ring) {
        return ring.payloadWord(LENGTH);
    }

    /// The capacity of the file if it comes with the record; else 0.
    public static long capacity(RingReader ring) {
        return ring.payloadWord(CAPACITY);
    }

    /// Claims a retirement of `count` files; [#retire] writes each.
    public static void claimRetirement(RingWriter ring, int count) {
        ring.claim(count * Long.BYTES);
    }

    /// Writes file number `index` of a retirement.
    public static void retire(RingWriter ring, int index, long id) {
        ring.putWord(index, id);
    }

    /// The number of files in the found retirement.
    ///
    /// @throws RingViolation if it breaks the format
    public static int retiredFiles(RingReader ring) {
        int count = ring.payloadLength() / Long.BYTES;
        if (ring.isSpilled() || count == 0 || count > MAX_FILES
                || ring.payloadLength() % Long.BYTES != 0 || ring.parts() != 0) {
            throw new RingViolation("retirement breaks the format: length=%d, parts=%d"
                    .formatted(ring.payloadLength(), ring.parts()));
        }
        return count;
    }

    /// The id of file number `index` of the found retirement.
    public static long retired(RingReader ring, int index) {
        return ring.payloadWord(index);
    }

    /// The capacity of the file for a message of this length.
    public static long capacityFor(int length) {
        return length <= MIN_CAPACITY ? MIN_CAPACITY : Long.highestOneBit(length - 1L) << 1;
    }

    /// Whether a file may have this capacity, in a channel with messages of up to `maxMessage`.
    public static boolean isCapacity(long capacity, int maxMessage) {
        return capacity >= MIN_CAPACITY && capacity <= capacityFor(maxMessage)
                && Long.bitCount(capacity) == 1;
    }

    /// Whether a file of `capacity` may be added to those in use, which may have `limit` bytes.
    public static boolean mayUse(long capacity, long bytesInUse, long limit) {
        return bytesInUse == 0 || bytesInUse + capacity <= limit;
    }

    /// Whether a writer within [#MAX_IN_USE] and [#MAX_IDLE] may have a file of `capacity` in
    /// addition to others.
    public static boolean mayHave(long capacity, long otherBytes) {
        return otherBytes <= MAX_IDLE || otherBytes + capacity <= MAX_IN_USE + MAX_IDLE;
    }
}
