package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.Handover;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Cases of docs/conformance.md that one process is enough for.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConformanceTest {

    private static final Duration NOT_LONG = Duration.ofMillis(50);
    private static final int MEBIBYTE = 1024 * 1024;

    /// A message of plain values.
    record Person(String name, int age) {}

    /// A message with a sender three times.
    record Triplets(Sender<String> first, Sender<String> second, Sender<String> third) {}

    /// A message with two senders of their own.
    record Siblings(Sender<String> first, Sender<String> second) {}

    /// A message with a sender of bytes beside a name.
    record Contact(String name, Sender<byte[]> sender) {}

    @RegisterExtension
    final Children children = new Children();

    @Test
    void recordArrivesAsItWasSentAndThenTheEnd() throws Exception {
        try (Channel<Person> channel = Channel.create(Person.class)) {
            channel.sender().send(new Person("Ada", 36));
            channel.sender().close();

            assertThat(channel.receiver().receive()).isEqualTo(new Person("Ada", 36));
            assertThatThrownBy(channel.receiver()::receive).isInstanceOf(Disconnected.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1234567", "123456789"})
    void bytesOfOddLengthsArrive(String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (Channel<byte[]> channel = Channel.create(byte[].class)) {
            channel.sender().send(bytes);

            assertThat(channel.receiver().receive()).isEqualTo(bytes);
        }
    }

    @Test
    void senderThreeTimesInAMessageArrivesAsThree() throws Exception {
        try (Channel<Triplets> carrier = Channel.create(Triplets.class);
                Channel<String> work = Channel.create(String.class)) {
            carrier.sender().send(new Triplets(work.sender(), work.sender(), work.sender()));

            Triplets arrived = carrier.receiver().receive();

            for (Sender<String> sender : List.of(arrived.first(), arrived.second(),
                    arrived.third())) {
                sender.send("works");
                sender.close();
                assertThat(work.receiver().receive()).isEqualTo("works");
            }
            assertThatThrownBy(work.receiver()::receive).isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void twoSendersInAMessageKeepTheirPlaces() throws Exception {
        try (Channel<Siblings> carrier = Channel.create(Siblings.class);
                Channel<String> first = Channel.create(String.class);
                Channel<String> second = Channel.create(String.class)) {
            carrier.sender().send(new Siblings(first.sender(), second.sender()));

            Siblings arrived = carrier.receiver().receive();
            arrived.first().send("to the first");
            arrived.second().send("to the second");

            assertThat(first.receiver().receive()).isEqualTo("to the first");
            assertThat(second.receiver().receive()).isEqualTo("to the second");
            arrived.first().close();
            arrived.second().close();
        }
    }

    @Test
    void senderOfBytesTravelsThroughAChannelOfRecords() throws Exception {
        try (Channel<Contact> carrier = Channel.create(Contact.class);
                Channel<byte[]> work = Channel.create(byte[].class)) {
            carrier.sender().send(new Contact("bytes", work.sender()));

            try (Sender<byte[]> arrived = carrier.receiver().receive().sender()) {
                arrived.send(new byte[]{1, 2, 3});
            }

            assertThat(work.receiver().receive()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void senderWhoseReceiverIsGoneTravelsAndSaysSoWhereItArrives() throws Exception {
        try (Channel<Handover> carrier = Channel.create(Handover.class);
                Channel<String> work = Channel.create(String.class)) {
            work.receiver().close();

            carrier.sender().send(new Handover(work.sender()));

            try (Sender<String> arrived = carrier.receiver().receive().sender()) {
                assertThatThrownBy(() -> arrived.send("anybody?"))
                        .isInstanceOf(Disconnected.class);
            }
        }
    }

    @Test
    void receiveWaitsItsTimeUnlessThereIsAMessageOrTheEnd() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> channel.receiver().receive(NOT_LONG))
                    .isInstanceOf(TimedOut.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo(NOT_LONG);

            channel.sender().send("there");
            channel.sender().close();

            // The time of the test is the limit.
            assertThat(channel.receiver().receive(Duration.ofDays(1))).isEqualTo("there");
            assertThatThrownBy(() -> channel.receiver().receive(Duration.ofDays(1)))
                    .isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void sharedBytesThatArrivedAreTakenWhole() throws Exception {
        byte[] bytes = new byte[MEBIBYTE];
        Arrays.fill(bytes, (byte) 0xba);
        try (Channel<SharedBytes> channel = Channel.create(SharedBytes.class);
                SharedBytes sent = SharedBytes.of(bytes)) {
            channel.sender().send(sent);
            channel.sender().send(sent);

            SharedBytes first = channel.receiver().receive();
            SharedBytes second = channel.receiver().receive();

            assertThat(first).isEqualTo(second).isEqualTo(sent);
            assertThat(Arrays.equals(first.take(), bytes)).isTrue();
            assertThat(Arrays.equals(second.take(), bytes)).isTrue();
        }
    }

    @Test
    void eachEndSaysWhichOtherOneIsGone() throws Exception {
        try (Channel<String> orphan = Channel.create(String.class);
                Channel<String> widow = Channel.create(String.class)) {
            orphan.receiver().close();
            widow.sender().close();

            assertThatThrownBy(() -> orphan.sender().send("x")).isInstanceOf(Disconnected.class)
                    .hasMessageContaining("receiver");
            assertThatThrownBy(widow.receiver()::receive).isInstanceOf(Disconnected.class)
                    .hasMessageContaining("every sender");
        }
    }

    @Test
    void senderAtFullSpeedLearnsThatItsReceiverWasClosed() throws Exception {
        try (Channel<String> channel = Channel.create(String.class,
                ChannelOptions.defaults().withCapacity(4096))) {
            Waits<Void> send = Waits.run(() -> {
                while (true) {
                    channel.sender().send("more");
                }
            });
            for (int i = 0; i < 10_000; i++) {
                assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo("more");
            }

            channel.receiver().close();

            send.failure().isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void pollingFindsTheCloseOfAnotherThread() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            assertThat(channel.receiver().tryReceive()).isNull();
            Waits<Void> poll = Waits.run(() -> {
                while (channel.receiver().tryReceive() == null) {
                    Thread.onSpinWait();
                }
            });

            channel.sender().close();

            poll.failure().isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void acceptWaitsForTheClient() throws Exception {
        try (OneShotServer<String> server = OneShotServer.open(String.class)) {
            Waits<String> accept =
                    Waits.in(() -> server.accept(Children.PATIENCE)).asleep();

            try (Sender<String> client = OneShotServer.connect(server.name(), String.class)) {
                client.send("hello");
            }

            assertThat(accept.value()).isEqualTo("hello");
        }
    }

    @Test
    void messageOfAClientThatSentBeforeTheAcceptIsReceived() throws Exception {
        try (OneShotServer<String> server = OneShotServer.open(String.class)) {
            try (Sender<String> client = OneShotServer.connect(server.name(), String.class)) {
                client.send("early");
            }

            assertThat(server.accept(Children.PATIENCE)).isEqualTo("early");
        }
    }
}
