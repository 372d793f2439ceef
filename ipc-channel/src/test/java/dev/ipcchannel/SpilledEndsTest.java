package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Ends in messages too long for the ring, and receivers that move with such messages unread.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpilledEndsTest {

    private static final int MIB = 1024 * 1024;

    /// A message with an end and a long text.
    record Parcel(Sender<String> sender, String text) {}

    /// A message that takes a receiver along.
    record Move(Receiver<byte[]> receiver) {}

    @RegisterExtension
    final Children children = new Children();

    @Test
    void longMessageTakesEndsAlong() throws Exception {
        try (Channel<String> work = Channel.create(String.class);
                Channel<Parcel> parcels = Channel.create(Parcel.class)) {
            for (int i = 0; i < 3; i++) {
                parcels.sender().send(new Parcel(work.sender().share(), "x".repeat(MIB)));
            }
            for (int i = 0; i < 3; i++) {
                try (Sender<String> sender =
                        parcels.receiver().receive(Children.PATIENCE).sender()) {
                    sender.send("from parcel " + i);
                }
                assertThat(work.receiver().receive(Children.PATIENCE))
                        .isEqualTo("from parcel " + i);
            }
        }
    }

    @Test
    void movedReceiverReadsWhatWasUnreadAndKnowsTheFiles() throws Exception {
        try (Channel<Move> carrier = Channel.create(Move.class);
                Channel<byte[]> channel = Channel.create(byte[].class)) {
            Receiver<byte[]> receiver = channel.receiver();
            for (int i = 0; i < 20; i++) {
                channel.sender().send(filled(i, MIB));
                channel.sender().send(filled(100 + i, 10));
                channel.sender().send(filled(i, 2 * MIB));
                if (i % 2 == 1) {
                    assertThat(receiver.receive(Children.PATIENCE)[0]).isEqualTo((byte) (i - 1));
                    assertThat(receiver.receive(Children.PATIENCE)).hasSize(10);
                    carrier.sender().send(new Move(receiver));
                    receiver = carrier.receiver().receive(Children.PATIENCE).receiver();
                    assertThat(receiver.receive(Children.PATIENCE)).hasSize(2 * MIB);
                    assertThat(receiver.receive(Children.PATIENCE)[MIB - 1]).isEqualTo((byte) i);
                    assertThat(receiver.receive(Children.PATIENCE)).hasSize(10);
                    assertThat(receiver.receive(Children.PATIENCE)[2 * MIB - 1])
                            .isEqualTo((byte) i);
                }
            }
            receiver.close();
        }
    }

    private static byte[] filled(int value, int length) {
        byte[] message = new byte[length];
        Arrays.fill(message, (byte) value);
        return message;
    }
}
