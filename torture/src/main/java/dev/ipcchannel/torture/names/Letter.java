package dev.ipcchannel.torture.names;

import dev.ipcchannel.torture.Numbered;
import java.nio.ByteBuffer;

/// A message of this storm. Its sender and its index among the sender's messages make its number,
/// from which its length and bytes follow.
final class Letter {

    private static final int LONG_ONES = 16; // one in so many is longer than a ring
    private static final int LONGEST = 20_000;
    private static final int LONGEST_SHORT = 300;

    private Letter() {}

    static boolean isLong(long message) {
        return message % LONG_ONES == 0;
    }

    private static int longest(long message) {
        return isLong(message) ? LONGEST : LONGEST_SHORT;
    }

    private static long number(int sender, long message) {
        return (long) sender << Integer.SIZE | message;
    }

    static int length(int sender, long message) {
        return Numbered.length(number(sender, message), longest(message));
    }

    static byte[] of(int sender, long message) {
        return Numbered.message(number(sender, message), longest(message));
    }

    static void write(int sender, long message, ByteBuffer memory) {
        Numbered.write(number(sender, message), memory);
    }

    /// The sender of the message, if the message is whole.
    static int sender(ByteBuffer memory) {
        return memory.remaining() < Long.BYTES ? -1 : (int) (memory.getLong(0) >>> Integer.SIZE);
    }

    static long message(ByteBuffer memory) {
        return memory.getLong(0) & 0xFFFF_FFFFL;
    }

    /// The faults of the message, in words; empty if it is whole.
    static String wrongs(ByteBuffer memory) {
        int sender = sender(memory);
        if (sender < 0 || sender >= Book.MOST) {
            return "a message of %d bytes came of no sender: %d".formatted(memory.remaining(),
                    sender);
        }
        long message = message(memory);
        return Numbered.wrongs(number(sender, message), longest(message), memory);
    }
}
