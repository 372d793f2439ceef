package dev.ipcchannel.internal.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.IncomingMessage;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.receive.Inbox;
import dev.ipcchannel.testing.Children;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A message with a running number in a test: the number that its group has written, and the number
/// that the test has given it, which all bytes after it repeat.
record Numbered(long number, int given) {

    private static final int HEAD = Long.BYTES + Integer.BYTES;

    /// The bytes of a message that is to be sent.
    static byte[] message(int given, int length) {
        byte[] message = new byte[length];
        Arrays.fill(message, HEAD, length, (byte) given);
        ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).putLong(0)
                .putInt(given);
        return message;
    }

    /// The next message that a recipient gets.
    static Numbered next(Recipient recipient) throws InterruptedException {
        Inbox inbox = recipient.ends().inbox();
        inbox.enter();
        try {
            IncomingMessage found = inbox.next(Deadline.after(Children.PATIENCE));
            assertThat(found).as("a message").isNotNull();
            return take(found);
        } finally {
            inbox.exit();
        }
    }

    static List<Numbered> next(Recipient recipient, int count) throws InterruptedException {
        List<Numbered> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(next(recipient));
        }
        return messages;
    }

    /// The next message, if there is one.
    static @Nullable Numbered poll(Recipient recipient) {
        Inbox inbox = recipient.ends().inbox();
        inbox.enter();
        try {
            IncomingMessage found = inbox.tryNext();
            return found == null ? null : take(found);
        } finally {
            inbox.exit();
        }
    }

    private static Numbered take(IncomingMessage found) {
        Descriptor.closeAll(found.takeDescriptors());
        byte[] bytes = new byte[found.length()];
        found.copyOut(bytes);
        found.consume();
        ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        Numbered message = new Numbered(head.getLong(), head.getInt());
        byte[] sent = message(message.given, bytes.length);
        assertThat(Arrays.mismatch(bytes, HEAD, bytes.length, sent, HEAD, sent.length))
                .isEqualTo(-1);
        return message;
    }
}
