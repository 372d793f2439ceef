package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Long messages that are received while they are being sent: each is there whole or not at all.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LongMessagesInTransitTest {

    private static final int MEBIBYTE = 1024 * 1024;
    private static final int HALF = MEBIBYTE / 2;
    private static final int THREADS = 3;
    private static final int SENDERS = 10;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void mebibyteArrivesWithAReaderAtWork() throws Exception {
        try (Channel<byte[]> channel = Channel.create(byte[].class)) {
            Waits<byte[]> receive = Waits.in(channel.receiver()::receive).asleep();

            channel.sender().send(filled(7, MEBIBYTE));

            assertThat(Arrays.equals(receive.value(), filled(7, MEBIBYTE))).isTrue();
        }
    }

    @Test
    void pollingNeverFindsAPartOfAMessage() throws Exception {
        try (Channel<byte[]> channel = Channel.create(byte[].class)) {
            Waits<Void> send = Waits.run(() -> {
                channel.sender().send(filled(7, MEBIBYTE));
                channel.sender().close();
            });

            assertThat(Arrays.equals(poll(channel.receiver()), filled(7, MEBIBYTE))).isTrue();

            assertThatThrownBy(() -> poll(channel.receiver())).isInstanceOf(Disconnected.class);
            send.value();
        }
    }

    @Test
    void threadsThatShareASenderDoNotMixTheirLongMessages() throws Exception {
        try (Channel<byte[]> channel = Channel.create(byte[].class)) {
            List<Waits<Void>> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                byte[] message = filled(i, MEBIBYTE);
                threads.add(Waits.run(() -> channel.sender().send(message)));
            }

            assertEachArrivesOnce(channel.receiver(), THREADS, MEBIBYTE);
            for (Waits<Void> thread : threads) {
                thread.value();
            }
        }
    }

    @Test
    void pollingFindsTheLongMessageOfEverySender() throws Exception {
        try (Channel<byte[]> channel = Channel.create(byte[].class)) {
            List<Waits<Void>> threads = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                byte[] message = filled(i, HALF);
                threads.add(Waits.run(() -> {
                    try (Sender<byte[]> own = channel.sender().exclusive()) {
                        own.send(message);
                    }
                }));
            }

            assertEachArrivesOnce(channel.receiver(), SENDERS, HALF);
            for (Waits<Void> thread : threads) {
                thread.value();
            }
        }
    }

    private static void assertEachArrivesOnce(Receiver<byte[]> receiver, int count, int length) {
        BitSet arrived = new BitSet();
        for (int i = 0; i < count; i++) {
            byte[] message = poll(receiver);
            assertThat(Arrays.equals(message, filled(message[0], length)))
                    .as("message of sender %d is whole", message[0]).isTrue();
            arrived.set(message[0]);
        }
        assertThat(arrived.cardinality()).isEqualTo(count);
        assertThat(receiver.tryReceive()).isNull();
    }

    private static byte[] poll(Receiver<byte[]> receiver) {
        while (true) {
            byte[] message = receiver.tryReceive();
            if (message != null) {
                return message;
            }
            Thread.onSpinWait();
        }
    }

    private static byte[] filled(int value, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
