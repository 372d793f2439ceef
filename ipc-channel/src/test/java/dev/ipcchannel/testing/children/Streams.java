package dev.ipcchannel.testing.children;

import dev.ipcchannel.Receiver;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/// The ends that a [StreamChild] hands over: two streams of numbered messages, each with a
/// checksum.
///
/// ```text
///     0         8                      length - 8    length
///     +---------+----------------------+-------------+
///     | number  | random bytes         | checksum    |
///     +---------+----------------------+-------------+
/// ```
///
/// @param narrow through a small ring
/// @param wide through a larger ring, short messages
public record Streams(Receiver<byte[]> narrow, Receiver<byte[]> wide) {

    /// Bytes of a message beside the random ones.
    static final int OVERHEAD = 2 * Long.BYTES;

    /// Makes message `number` of at most `limit` bytes.
    static byte[] message(long number, int limit, SplittableRandom random) {
        byte[] message = new byte[OVERHEAD + random.nextInt(limit - OVERHEAD + 1)];
        random.nextBytes(message);
        ByteBuffer buffer = ByteBuffer.wrap(message);
        buffer.putLong(0, number);
        buffer.putLong(message.length - Long.BYTES, checksum(message));
        return message;
    }

    /// The number of a message received.
    ///
    /// @throws AssertionError if it is torn
    public static long number(byte[] message) {
        ByteBuffer buffer = ByteBuffer.wrap(message);
        if (buffer.getLong(message.length - Long.BYTES) != checksum(message)) {
            throw new AssertionError("a message is torn: length=" + message.length);
        }
        return buffer.getLong(0);
    }

    private static long checksum(byte[] message) {
        CRC32C sum = new CRC32C();
        sum.update(message, 0, message.length - Long.BYTES);
        return sum.getValue();
    }
}
