package dev.ipcchannel.torture;

import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.SharedBytes;
import java.nio.ByteBuffer;

/// Messages that are determined by their number: the length and every byte follow from it, so that
/// a check detects a message that is torn, old or of another sender.
///
/// ```text
///     0         8          12             length
///     +---------+----------+--------------+
///     | number  | length   | words        |
///     +---------+----------+--------------+
/// ```
public final class Numbered {

    private static final int HEAD = Long.BYTES + Integer.BYTES;
    private static final long ODD = 0x9E37_79B9_7F4A_7C15L; // scrambles

    /// A message with channel ends.
    ///
    /// @param letters a receiver with messages in it
    /// @param back for the answer, a message with the same number
    public record Parcel(long number, Receiver<byte[]> letters, Sender<byte[]> back) {}

    /// A message with shared bytes.
    public record Block(long number, SharedBytes bytes) {}

    private Numbered() {}

    /// The length of message `number`.
    public static int length(long number, int longest) {
        // Half of the messages are long, the rest of any length: both ends of the range come up
        // soon.
        int spread = (int) Long.remainderUnsigned(scramble(number, 1), longest - HEAD + 1);
        return scramble(number, 2) < 0 ? longest : HEAD + spread;
    }

    /// Message `number` of at most `longest` bytes.
    public static byte[] message(long number, int longest) {
        byte[] message = new byte[length(number, longest)];
        write(number, ByteBuffer.wrap(message));
        return message;
    }

    /// Writes message `number`, as long as `memory` is.
    public static void write(long number, ByteBuffer memory) {
        int length = memory.remaining();
        memory.putLong(0, number);
        memory.putInt(Long.BYTES, length);
        int at = HEAD;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            memory.putLong(at, scramble(number, at));
        }
        for (; at < length; at++) {
            memory.put(at, (byte) scramble(number, at));
        }
    }

    /// The faults of a message, in words; empty if it is message `number`, whole.
    public static String wrongs(long number, int longest, ByteBuffer memory) {
        int length = memory.remaining();
        if (length < HEAD || memory.getLong(0) != number) {
            return "number %d was due, and a message of %d bytes came with number %d".formatted(
                    number, length, length < Long.BYTES ? -1 : memory.getLong(0));
        }
        if (length != length(number, longest) || memory.getInt(Long.BYTES) != length) {
            return "message %d has %d bytes of %d".formatted(number, length,
                    length(number, longest));
        }
        int at = HEAD;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            if (memory.getLong(at) != scramble(number, at)) {
                return "message %d is torn at byte %d of %d".formatted(number, at, length);
            }
        }
        for (; at < length; at++) {
            if (memory.get(at) != (byte) scramble(number, at)) {
                return "message %d is torn at byte %d of %d".formatted(number, at, length);
            }
        }
        return "";
    }

    private static long scramble(long number, long place) {
        long word = ((number + 1) * ODD) ^ (place * 0xBF58_476D_1CE4_E5B9L);
        word ^= word >>> 29;
        return word * ODD;
    }
}
