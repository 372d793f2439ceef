package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.Children;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Opaque ends, which have no type, and their restoration.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OpaqueEndsTest {

    /// A message with both kinds of opaque end.
    record Opaque(OpaqueSender sender, OpaqueReceiver receiver) {}

    @RegisterExtension
    final Children children = new Children();

    @Test
    void erasedSenderGetsItsTypeBack() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                OpaqueSender erased = channel.sender().share().erase()) {
            try (Sender<String> restored = erased.as(String.class)) {
                restored.send("typed again");
            }
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo("typed again");
            assertThatThrownBy(() -> erased.as(String.class)).isInstanceOf(EndClosed.class)
                    .hasMessageContaining("used up");
        }
    }

    @Test
    void erasedReceiverGetsItsTypeAndItsMessagesBack() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            channel.sender().send("sent before");

            OpaqueReceiver erased = channel.receiver().erase();
            try (Receiver<String> restored = erased.as(String.class)) {
                assertThat(restored.receive(Children.PATIENCE)).isEqualTo("sent before");
            }

            assertThatThrownBy(() -> channel.receiver().tryReceive())
                    .isInstanceOf(EndClosed.class).hasMessageContaining("opaque");
            assertThatThrownBy(() -> erased.as(String.class)).isInstanceOf(EndClosed.class);
        }
    }

    @Test
    void erasedSenderIsUsedUpItself() {
        try (Channel<String> channel = Channel.create(String.class);
                OpaqueSender _ = channel.sender().erase()) {
            assertThatThrownBy(() -> channel.sender().send("x")).isInstanceOf(EndClosed.class)
                    .hasMessageContaining("opaque");
        }
    }

    @Test
    void opaqueEndsTravelAndGetTheirTypesBackWhereTheyArrive() throws Exception {
        try (Channel<String> work = Channel.create(String.class);
                Channel<byte[]> bytes = Channel.create(byte[].class);
                Channel<Opaque> carrier = Channel.create(Opaque.class)) {
            bytes.sender().send(new byte[]{1, 2, 3});

            carrier.sender().send(new Opaque(work.sender().erase(), bytes.receiver().erase()));
            Opaque arrived = carrier.receiver().receive(Children.PATIENCE);

            try (Sender<String> sender = arrived.sender().as(String.class);
                    Receiver<byte[]> receiver = arrived.receiver().as(byte[].class)) {
                sender.send("through an erased sender");
                assertThat(work.receiver().receive(Children.PATIENCE))
                        .isEqualTo("through an erased sender");
                assertThat(receiver.receive(Children.PATIENCE)).containsExactly(1, 2, 3);
            }
        }
    }

    @Test
    void wrongTypeIsRefusedAndTheRightOneStillWorks() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                OpaqueSender erased = channel.sender().erase();
                OpaqueReceiver receiver = channel.receiver().erase()) {
            assertThatThrownBy(() -> erased.as(byte[].class)).isInstanceOf(TypeMismatch.class)
                    .hasMessageContaining("byte[] here, String there");
            assertThatThrownBy(() -> receiver.as(byte[].class)).isInstanceOf(TypeMismatch.class);

            try (Sender<String> sender = erased.as(String.class);
                    Receiver<String> restored = receiver.as(String.class)) {
                sender.send("right");
                assertThat(restored.receive(Children.PATIENCE)).isEqualTo("right");
            }
        }
    }
}
