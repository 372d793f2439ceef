package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.HostileLane;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Many lanes with long messages: the process keeps a limited number of their files in all, and
/// every message arrives.
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpillCrowdTest {

    private static final int CAPACITY = 4096;
    private static final int KEPT = 256;
    private static final int LANES = 12;
    private static final int FILES = 40; // of each lane at once: 480 in all
    private static final int ROUNDS = 3;
    private static final int LENGTH = 5000;
    private static final int FILE = 64 * 1024;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void honestCrowdIsServedAndNoMoreFilesAreKept() throws Exception {
        try (Channel<byte[]> channel = Channel.create(byte[].class,
                ChannelOptions.defaults().withCapacity(CAPACITY))) {
            List<Sender<byte[]>> crowd = new ArrayList<>();
            for (int i = 0; i < LANES; i++) {
                crowd.add(channel.sender().exclusive());
                crowd.get(i).send(new byte[0]);
                channel.receiver().receive(Children.PATIENCE);
            }
            long before = Children.descriptors();
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < LANES * FILES; i++) {
                    crowd.get(i % LANES).send(message(round, i));
                }
                assertAllArrive(channel.receiver(), round);

                assertThat(Children.descriptors()).isLessThanOrEqualTo(before + KEPT);
            }
            crowd.forEach(Sender::close);
        }
    }

    private static void assertAllArrive(Receiver<byte[]> receiver, int round)
            throws InterruptedException {
        boolean[] hasCome = new boolean[LANES * FILES];
        for (int i = 0; i < hasCome.length; i++) {
            byte[] message = receiver.receive(Children.PATIENCE);
            int number = (message[1] & 0xFF) << 8 | (message[2] & 0xFF);
            assertThat(message).isEqualTo(message(round, number));
            assertThat(hasCome[number]).isFalse();
            hasCome[number] = true;
        }
    }

    private static byte[] message(int round, int number) {
        byte[] message = new byte[LENGTH];
        Arrays.fill(message, (byte) (31 * number + round));
        message[0] = (byte) round;
        message[1] = (byte) (number >> 8);
        message[2] = (byte) number;
        return message;
    }

    @Test
    void lanesOfOneHostileSenderHaveNoMoreFilesKept() throws Exception {
        try (Channel<byte[]> channel = Channel.create(byte[].class,
                ChannelOptions.defaults().withCapacity(CAPACITY));
                SharedMemory memory = SharedMemory.create(FILE)) {
            Transferable.Moving sender = channel.sender().export();
            Descriptor announcement = sender.transfer().descriptors().getFirst();
            List<HostileLane> lanes = new ArrayList<>();
            for (int i = 0; i < LANES; i++) {
                lanes.add(HostileLane.announce(announcement, CAPACITY));
            }
            long before = Children.descriptors();
            for (int i = 0; i < LANES * FILES; i++) {
                lanes.get(i % LANES).spill(i, LENGTH, FILE, List.of(memory.file()));
                assertThat(channel.receiver().receive(Children.PATIENCE)).hasSize(LENGTH);
            }

            assertThat(Children.descriptors()).isLessThanOrEqualTo(before + KEPT + 2 * LANES);
            lanes.forEach(HostileLane::close);
            sender.notMoved();
        }
    }

    @Test
    void receiverThatHasLetFilesGoMoves() throws Exception {
        try (Channel<byte[]> channel = Channel.create(byte[].class,
                ChannelOptions.defaults().withCapacity(CAPACITY));
                Channel<Receiver<byte[]>> road =
                        Channel.create(new TypeToken<Receiver<byte[]>>() {})) {
            List<Sender<byte[]>> crowd = new ArrayList<>();
            for (int i = 0; i < LANES; i++) {
                crowd.add(channel.sender().exclusive());
            }
            for (int i = 0; i < LANES * FILES; i++) {
                crowd.get(i % LANES).send(message(0, i));
            }
            assertAllArrive(channel.receiver(), 0);
            for (int i = 0; i < LANES * FILES; i++) {
                crowd.get(i % LANES).send(message(1, i));
            }

            road.sender().send(channel.receiver());

            try (Receiver<byte[]> moved = road.receiver().receive(Children.PATIENCE)) {
                assertAllArrive(moved, 1);
                for (int i = 0; i < LANES * FILES; i++) {
                    crowd.get(i % LANES).send(message(2, i));
                }
                assertAllArrive(moved, 2);
            }
            crowd.forEach(Sender::close);
        }
    }
}
