package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages longer than half the ring, in memory files of their own.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpilledMessagesTest {

    private static final int CAPACITY = 4096;
    private static final int LONGEST_IN_RING = CAPACITY / 2 - 8;
    private static final int MIB = 1024 * 1024;
    private static final int MAX_FILES = 64;
    private static final Duration SHORT = Duration.ofMillis(20);

    @RegisterExtension
    final Children children = new Children();

    private final Channel<byte[]> channel = Channel.create(byte[].class,
            ChannelOptions.defaults().withCapacity(CAPACITY));

    @AfterEach
    void close() {
        channel.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {LONGEST_IN_RING - 1, LONGEST_IN_RING, LONGEST_IN_RING + 1, CAPACITY - 1,
        CAPACITY, CAPACITY + 1, 64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, MIB - 1, MIB, MIB + 1,
        50 * MIB})
    void messageOfAnyLengthArrivesThoughNoThreadReadsYet(int length) throws Exception {
        byte[] message = random(length);

        channel.sender().send(message);

        assertThat(Arrays.equals(channel.receiver().receive(), message)).isTrue();
    }

    @Test
    void longMessagesArriveWhateverCameBefore() throws Exception {
        for (int mebibytes : new int[]{50, 46, 49, 47, 48}) {
            byte[] message = random(mebibytes * MIB);

            channel.sender().send(message, Children.PATIENCE);

            assertThat(Arrays.equals(channel.receiver().receive(Children.PATIENCE), message))
                    .isTrue();
        }
    }

    @Test
    void messageAboveTheLimitIsRefusedWithBothLengthsAndNothingIsSent() throws Exception {
        try (Channel<byte[]> limited = Channel.create(byte[].class,
                ChannelOptions.defaults().withCapacity(CAPACITY).withMaxMessage(100_000))) {
            assertThatThrownBy(() -> limited.sender().send(new byte[100_001]))
                    .isInstanceOf(MessageTooLarge.class)
                    .hasMessageContaining("length=100001, limit=100000: make the channel, or a"
                            + " child's Transport.shm, with ChannelOptions.withMaxMessage(100001),"
                            + " or up to 1073741824");
            assertThat(limited.receiver().tryReceive()).isNull();

            limited.sender().send(new byte[100_000]);
            assertThat(limited.receiver().receive()).hasSize(100_000);
        }
    }

    @Test
    void adviceForAMessageThatNoChannelCarriesIsNoLargerChannel() {
        assertThatThrownBy(() -> channel.sender().claim((1 << 30) + 1))
                .isInstanceOf(MessageTooLarge.class)
                .hasMessageContaining("length=1073741825, limit=1073741824: no channel carries a"
                        + " longer one: send it as several messages");
    }

    @Test
    void orderHoldsBetweenLongAndShortMessages() throws Exception {
        long seed = System.nanoTime();
        System.out.println("spilled messages: seed=" + seed);
        SplittableRandom lengths = new SplittableRandom(seed);
        SplittableRandom expected = new SplittableRandom(seed);
        int count = 3000;
        Waits<Void> writer = Waits.run(() -> {
            for (int i = 0; i < count; i++) {
                channel.sender().send(numbered(i, lengths), Children.PATIENCE);
            }
        });

        for (int i = 0; i < count; i++) {
            byte[] message = channel.receiver().receive(Children.PATIENCE);
            assertThat(Arrays.equals(message, numbered(i, expected))).as("message %d", i).isTrue();
        }
        writer.value();
    }

    @Test
    void lanesMemoryIsFullAtItsBoundAndRoomComesWithTheReader() throws Exception {
        byte[] message = new byte[16 * MIB];
        for (int i = 0; i < 4; i++) {
            assertThat(channel.sender().trySend(message)).isEqualTo(SendOutcome.SENT);
        }
        assertThat(channel.sender().trySend(new byte[CAPACITY])).isEqualTo(SendOutcome.FULL);
        assertThatThrownBy(() -> channel.sender().send(message, SHORT))
                .isInstanceOf(TimedOut.class);
        assertThat(channel.sender().tryClaim(MIB)).isNull();

        assertThat(channel.receiver().receive()).hasSize(16 * MIB);
        assertThat(channel.sender().trySend(message)).isEqualTo(SendOutcome.SENT);
        assertThat(channel.sender().trySend(new byte[CAPACITY])).isEqualTo(SendOutcome.FULL);
    }

    @Test
    void lanesFilesAreNeverMoreThanTheirBound() throws Exception {
        try (Channel<byte[]> wide = Channel.create(byte[].class)) {
            byte[] message = new byte[40_000];
            int sent = 0;
            while (wide.sender().trySend(message) == SendOutcome.SENT) {
                sent++;
            }
            assertThat(sent).isEqualTo(MAX_FILES);

            assertThat(wide.receiver().receive()).hasSize(40_000);
            assertThat(wide.sender().trySend(message)).isEqualTo(SendOutcome.SENT);
        }
    }

    @Test
    void shortMessagesGoOnWhileLongOnesAreAtTheirBound() throws Exception {
        channel.sender().send(new byte[50 * MIB]);
        assertThat(channel.sender().trySend(new byte[MIB])).isEqualTo(SendOutcome.FULL);

        assertThat(channel.sender().trySend(new byte[]{7})).isEqualTo(SendOutcome.SENT);

        assertThat(channel.receiver().receive()).hasSize(50 * MIB);
        assertThat(channel.receiver().receive()).containsExactly(7);
    }

    @Test
    void senderThatSleepsForMemoryIsWokenByTheReader() throws Exception {
        channel.sender().send(new byte[40 * MIB]);
        Waits<Void> send = Waits.run(() -> channel.sender().send(new byte[40 * MIB])).asleep();

        assertThat(channel.receiver().receive()).hasSize(40 * MIB);

        send.value();
        assertThat(channel.receiver().receive()).hasSize(40 * MIB);
    }

    @Test
    void senderThatSleepsForMemoryLearnsOfTheReceiversClose() throws Exception {
        channel.sender().send(new byte[40 * MIB]);
        Waits<Void> send = Waits.run(() -> channel.sender().send(new byte[40 * MIB])).asleep();

        channel.receiver().close();

        send.failure().isInstanceOf(Disconnected.class);
    }

    @Test
    void fileIsUsedAgainOnceItsMessageIsRead() throws Exception {
        channel.sender().send(new byte[MIB]);
        channel.receiver().receive();
        long mappings = Children.mappings();

        for (int i = 0; i < 100; i++) {
            channel.sender().send(new byte[MIB - i]);
            assertThat(channel.receiver().receive()).hasSize(MIB - i);
        }

        assertThat(Children.mappings()).isEqualTo(mappings);
    }

    @Test
    void filesBeyondTheIdleBoundGoWithTheNextMessageOnBothSides() throws Exception {
        channel.sender().send(new byte[1]);
        channel.receiver().receive();
        long mappings = Children.mappings();
        long descriptors = Children.descriptors();
        channel.sender().send(new byte[50 * MIB]);
        channel.receiver().receive();
        assertThat(Children.mappings()).isEqualTo(mappings + 2);

        channel.sender().send(new byte[1]);
        channel.receiver().receive();

        assertThat(Children.mappings()).isEqualTo(mappings);
        assertThat(Children.descriptors()).isEqualTo(descriptors);
    }

    @ParameterizedTest
    @EnumSource
    void longestMessageInTheRingArrivesAfterARetirement(WaitStrategy strategy)
            throws Exception {
        try (Channel<byte[]> narrow = Channel.create(byte[].class, ChannelOptions.defaults()
                .withCapacity(CAPACITY).withWaitStrategy(strategy))) {
            for (int i = 0; i < 31; i++) {
                narrow.sender().send(new byte[0]);
                narrow.receiver().receive();
            }
            narrow.sender().send(new byte[20 * MIB]); // the 32nd of 64 lines
            narrow.receiver().receive();
            Waits<byte[]> receive = Waits.in(narrow.receiver()::receive);
            if (strategy != WaitStrategy.SPIN) {
                receive.asleep();
            }

            // After the retirement's line, half a ring and the padding before it do not fit.
            narrow.sender().send(new byte[LONGEST_IN_RING], Children.PATIENCE);

            assertThat(receive.value()).hasSize(LONGEST_IN_RING);
        }
    }

    @Test
    void filesOfManyLengthsStayFew() throws Exception {
        long before = Children.descriptors();
        for (int round = 0; round < 3; round++) {
            for (int length = 64 * 1024; length <= 32 * MIB; length *= 2) {
                channel.sender().send(new byte[length]);
                assertThat(channel.receiver().receive()).hasSize(length);
            }
        }
        assertThat(Children.descriptors()).isBetween(before, before + 12);
    }

    @Test
    void everythingUnreadGoesWithTheChannel() throws Exception {
        for (int i = 0; i < 10; i++) {
            channel.sender().send(new byte[MIB]);
        }
        channel.receiver().receive();
        channel.close();

        children.awaitNothingLeft();
    }

    @Test
    void exclusiveSenderSpillsIntoFilesOfItsOwn() throws Exception {
        try (Sender<byte[]> exclusive = channel.sender().exclusive()) {
            exclusive.send(filled(1, MIB));
            channel.sender().send(filled(2, MIB));
            byte first = channel.receiver().receive(Children.PATIENCE)[MIB - 1];
            byte second = channel.receiver().receive(Children.PATIENCE)[MIB - 1];

            assertThat(List.of(first, second)).containsExactlyInAnyOrder((byte) 1, (byte) 2);
        }
    }

    private static byte[] numbered(int number, SplittableRandom lengths) {
        int length = 4 + lengths.nextInt(lengths.nextInt(10) == 0 ? 300_000 : 3000);
        byte[] message = filled(number, length);
        message[1] = (byte) (number >> 8);
        return message;
    }

    private static byte[] filled(int value, int length) {
        byte[] message = new byte[length];
        Arrays.fill(message, (byte) value);
        return message;
    }

    private static byte[] random(int length) {
        byte[] message = new byte[length];
        new SplittableRandom(length).nextBytes(message);
        return message;
    }
}
