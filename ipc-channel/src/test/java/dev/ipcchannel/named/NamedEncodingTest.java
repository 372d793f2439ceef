package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.Codec;
import dev.ipcchannel.Decoder;
import dev.ipcchannel.Encoder;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Encoding of a message for many receivers, which happens once.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamedEncodingTest {

    private static final int RECEIVERS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    final OwnNames names = OwnNames.emptyAtOnce();

    private final Counting codec = new Counting(new AtomicInteger());

    /// A codec of bytes that counts how often it encodes.
    private record Counting(AtomicInteger encoded) implements Codec<byte[]> {

        @Override
        public void encode(byte[] message, Encoder out) {
            int _ = encoded.incrementAndGet();
            Codec.bytes().encode(message, out);
        }

        @Override
        public byte[] decode(Decoder in) {
            return Codec.bytes().decode(in);
        }
    }

    /// A receiver by name, or one of a broadcast channel.
    private interface Receiving extends AutoCloseable {
        byte[] receive() throws InterruptedException;

        @Override
        void close();
    }

    private record ByName(NamedReceiver<byte[]> receiver) implements Receiving {
        @Override
        public byte[] receive() throws InterruptedException {
            return receiver.receive(PATIENCE);
        }

        @Override
        public void close() {
            receiver.close();
        }
    }

    private record Broadcast(IpcChannel<byte[]> channel) implements Receiving {
        @Override
        public byte[] receive() throws InterruptedException {
            return channel.receive(PATIENCE.toMillis());
        }

        @Override
        public void close() {
            channel.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 100_000})
    void namedSenderEncodesAMessageOnce(int length) throws Exception {
        NamedOptions options = NamedOptions.defaults();
        List<Receiving> receivers = new ArrayList<>();
        try (NamedSender<byte[]> sender = NamedSender.open("bytes", codec, options)) {
            for (int i = 0; i < RECEIVERS; i++) {
                receivers.add(new ByName(NamedReceiver.open("bytes", codec, options)));
            }
            assertEncodesOnce(receivers, length, sender::send,
                    message -> sender.trySend(message) == SendOutcome.SENT);
        } finally {
            receivers.forEach(Receiving::close);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 100_000})
    void broadcastChannelEncodesAMessageOnce(int length) throws Exception {
        BroadcastOptions options = BroadcastOptions.defaults();
        List<Receiving> receivers = new ArrayList<>();
        try (IpcChannel<byte[]> sender = IpcChannel.open(ChannelType.CHANNEL, "bytes",
                ConnMode.SENDER, codec, options)) {
            sender.send(new byte[length]); // kept for the first receiver
            assertThat(codec.encoded).hasValue(1);
            for (int i = 0; i < RECEIVERS; i++) {
                receivers.add(new Broadcast(IpcChannel.open(ChannelType.CHANNEL, "bytes",
                        ConnMode.RECEIVER, codec, options)));
            }
            assertThat(receivers.getFirst().receive()).hasSize(length);
            assertThat(codec.encoded).hasValue(1);
            assertEncodesOnce(receivers, length,
                    message -> sender.send(message, IpcChannel.INFINITE), sender::trySend);
        } finally {
            receivers.forEach(Receiving::close);
        }
    }

    /// A send that waits.
    private interface WaitingSend {
        void send(byte[] message) throws InterruptedException;
    }

    /// A send that does not.
    private interface TryingSend {
        boolean send(byte[] message);
    }

    private void assertEncodesOnce(List<Receiving> receivers, int length, WaitingSend waiting,
            TryingSend trying) throws Exception {
        int before = codec.encoded.get();
        waiting.send(new byte[length]);
        assertThat(trying.send(new byte[length])).isTrue();
        assertThat(codec.encoded.get() - before).isEqualTo(2);
        int sent = 2;
        while (trying.send(new byte[length])) {
            sent++;
        }
        before = codec.encoded.get();
        Waits<Void> send = Waits.run(() -> waiting.send(new byte[length])).asleep();
        for (Receiving receiver : receivers) {
            for (int i = 0; i < sent; i++) {
                assertThat(receiver.receive()).hasSize(length);
            }
        }
        assertThat(send.value()).isNull();
        for (Receiving receiver : receivers) {
            assertThat(receiver.receive()).hasSize(length);
        }
        assertThat(codec.encoded.get() - before).as("of one that has waited for room").isEqualTo(1);
    }
}
