package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Long messages of bytes, which are copied once by the sender and once by the receiver, in the
/// ring and in files.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LongBytesTest {

    private final Channel<byte[]> channel = Channel.create(byte[].class);

    @AfterEach
    void close() {
        channel.close();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, 4097, 20_000, 32_000, 65_536, 1_000_000, 5_000_000})
    void eachLengthArrivesInAnArrayOfItsOwn(int length) throws Exception {
        byte[] sent = random(length);
        channel.sender().send(sent);
        byte[] received = channel.receiver().receive();

        assertThat(received).isEqualTo(sent).isEqualTo(random(length)).isNotSameAs(sent);
        channel.sender().send(new byte[length]);
        byte[] next = channel.receiver().receive();
        assertThat(next).isNotSameAs(received).isEqualTo(new byte[length]);
        assertThat(received).isEqualTo(random(length));
    }

    @Test
    void arrayThatChangesAfterwardsDoesNotChangeTheMessage() throws Exception {
        byte[] sent = random(10_000);
        channel.sender().send(sent);
        Arrays.fill(sent, (byte) 0);

        assertThat(channel.receiver().receive()).isEqualTo(random(10_000));
        assertThat(sent).containsOnly(0);
    }

    @Test
    void shortMessagesFollowLongOnes() throws Exception {
        for (int i = 0; i < 50; i++) {
            byte[] sent = random(i % 2 == 0 ? 10_000 + i : i);
            channel.sender().send(sent);
            assertThat(channel.receiver().receive()).isEqualTo(sent);
        }
    }

    @Test
    void messageThatIsTooLongIsRefusedAsEver() {
        try (Channel<byte[]> small = Channel.create(byte[].class,
                ChannelOptions.defaults().withMaxMessage(8000))) {
            assertThatExceptionOfType(MessageTooLarge.class)
                    .isThrownBy(() -> small.sender().send(new byte[8001]))
                    .withMessageContaining("length=8001, limit=8000");
            assertThat(small.receiver().tryReceive()).isNull();
        }
    }

    @Test
    void fullRingLeavesTheSendersArrayAlone() {
        byte[] sent = random(20_000);
        while (channel.sender().trySend(sent) == SendOutcome.SENT) {
            // until the ring is full
        }
        assertThat(sent).isEqualTo(random(20_000));
        assertThat(Objects.requireNonNull(channel.receiver().tryReceive())).isEqualTo(sent);
    }
}
