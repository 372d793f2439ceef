package dev.ipcchannel.testing;

import java.nio.ByteBuffer;

/// Messages with a number, whose bytes show that they are whole. Most are short, some are long, and
/// some are so long that they go by files.
public final class NumberedBytes {

    private static final int[] LENGTHS = {8, 60, 1000, 8, 8, 20_000, 8, 200, 8, 8, 300_000, 8, 100};

    private NumberedBytes() {}

    /// The message of a number.
    public static byte[] of(int number) {
        byte[] message = new byte[LENGTHS[number % LENGTHS.length]];
        for (int i = Integer.BYTES; i < message.length; i++) {
            message[i] = at(number, i);
        }
        ByteBuffer.wrap(message).putInt(number);
        return message;
    }

    /// The number of a message.
    ///
    /// @throws AssertionError if it is not whole
    public static int number(byte[] message) {
        int number = ByteBuffer.wrap(message).getInt();
        if (number < 0 || message.length != LENGTHS[number % LENGTHS.length]) {
            throw new AssertionError(
                    "a message of another length: number=%d, length=%d".formatted(number,
                            message.length));
        }
        for (int i = Integer.BYTES; i < message.length; i++) {
            if (message[i] != at(number, i)) {
                throw new AssertionError("a message of other bytes: number=%d, length=%d, index=%d"
                        .formatted(number, message.length, i));
            }
        }
        return number;
    }

    private static byte at(int number, int index) {
        return (byte) (number * 31 + index);
    }
}
