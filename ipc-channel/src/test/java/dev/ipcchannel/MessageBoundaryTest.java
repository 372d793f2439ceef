package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.ExactLength;
import dev.ipcchannel.testing.ExactLength.Cargo;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The longest message that fits into the ring and the shortest that spills, with ends inside, in
/// one thread: nothing is read while it is sent.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessageBoundaryTest {

    private static final int CAPACITY = 64 * 1024;
    private static final int LONGEST_IN_RING = CAPACITY / 2 - 8;
    private static final int MEBIBYTE = 1024 * 1024;

    @RegisterExtension
    final Children children = new Children();

    private final Channel<Cargo> carrier = Channel.create(new ExactLength(),
            ChannelOptions.defaults().withCapacity(CAPACITY));
    private final Channel<byte[]> work = Channel.create(byte[].class);

    @AfterEach
    void close() {
        carrier.close();
        work.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 63, 64, 254})
    void longestMessageInTheRingTakesEndsAlong(int ends) throws Exception {
        carrier.sender().send(new Cargo(0, List.of())); // makes the lane
        long before = Children.mappings();

        send(LONGEST_IN_RING, ends);

        assertThat(Children.mappings()).as("mappings").isEqualTo(before);
        assertThat(carrier.receiver().receive(Children.PATIENCE).senders()).isEmpty();
        receive(LONGEST_IN_RING, ends);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 63, 64, 254})
    void firstMessageThatSpillsTakesEndsAlong(int ends) throws Exception {
        carrier.sender().send(new Cargo(0, List.of()));
        long before = Children.mappings();

        send(LONGEST_IN_RING + 1, ends);

        assertThat(Children.mappings()).as("mappings").isGreaterThan(before);
        assertThat(carrier.receiver().receive(Children.PATIENCE).senders()).isEmpty();
        receive(LONGEST_IN_RING + 1, ends);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void mebibyteTakesEndsAlong(int ends) throws Exception {
        send(MEBIBYTE, ends);

        receive(MEBIBYTE, ends);
    }

    @Test
    void senderThatCameWithAMebibyteSendsTheLongestMessageInTheRing() throws Exception {
        byte[] longest = new byte[LONGEST_IN_RING];
        longest[LONGEST_IN_RING - 1] = 42;
        send(MEBIBYTE, 1);

        try (Sender<byte[]> sender =
                carrier.receiver().receive(Children.PATIENCE).senders().getFirst()) {
            sender.send(longest);
        }

        assertThat(work.receiver().receive(Children.PATIENCE)).isEqualTo(longest);
    }

    private void send(int length, int ends) throws InterruptedException {
        List<Sender<byte[]>> senders =
                Stream.generate(work.sender()::share).limit(ends).toList();
        carrier.sender().send(new Cargo(length, senders));
    }

    /// Receives the message, whose bytes its codec checks, and sends through each end in its order.
    private void receive(int length, int ends) throws InterruptedException {
        Cargo cargo = carrier.receiver().receive(Children.PATIENCE);
        assertThat(cargo.length()).isEqualTo(length);
        assertThat(cargo.senders()).hasSize(ends);
        for (int i = 0; i < ends; i++) {
            try (Sender<byte[]> sender = cargo.senders().get(i)) {
                sender.send(new byte[]{(byte) i});
            }
            assertThat(work.receiver().receive(Children.PATIENCE)).containsExactly(i);
        }
        assertThat(carrier.receiver().tryReceive()).isNull();
    }
}
