package dev.ipcchannel.zipc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The messages of `zipc_peer.c`, each with a number that determines its length and its bytes.
final class NumberedMessage {

    private NumberedMessage() {}

    /// @param messageSize the longest, at least 4 bytes
    static byte[] of(int number, int messageSize) {
        byte[] bytes = new byte[4 + Integer.remainderUnsigned(number, messageSize - 3)];
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(number);
        for (int i = 4; i < bytes.length; i++) {
            bytes[i] = (byte) (number * 31 + i);
        }
        return bytes;
    }

    /// The number of a message. Fails if it is not a whole message of these.
    static int numberOf(byte[] bytes, int messageSize) {
        assertThat(bytes).hasSizeGreaterThanOrEqualTo(4);
        int number = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt();
        assertThat(bytes).isEqualTo(of(number, messageSize));
        return number;
    }
}
