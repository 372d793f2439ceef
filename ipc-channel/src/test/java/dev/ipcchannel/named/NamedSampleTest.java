package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.Claim;
import dev.ipcchannel.EndStats;
import dev.ipcchannel.NoReceiver;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.testing.OwnNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The samples of named channels, and what they promise.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamedSampleTest {

    record MyMessage(int id, List<Float> data) {}

    record Text(int thread, int number) {}

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration BEAT = Duration.ofMillis(500);

    @RegisterExtension
    final OwnNames names = OwnNames.emptyAtOnce();

    @Test
    void oneCallGivesASenderAndAReceiver() throws Exception {
        try (var channel = NamedChannel.open("my_service", MyMessage.class)) {
            channel.sender().send(new MyMessage(1, List.of(1.0f, 2.0f, 3.0f)));

            MyMessage received = channel.receiver().receive();

            assertThat(received.id()).isEqualTo(1);
            assertThat(received.data()).containsExactly(1.0f, 2.0f, 3.0f);
            assertThat(channel.receiver().tryReceive()).as("no message available").isNull();
        }
    }

    @Test
    void lookFindsNothingAndThenEveryMessageInOrder() throws Exception {
        try (NamedReceiver<MyMessage> receiver = NamedReceiver.open("my_service", MyMessage.class);
                NamedSender<MyMessage> sender = NamedSender.open("my_service", MyMessage.class)) {
            assertThat(receiver.tryReceive()).isNull();

            for (int id = 0; id < 5; id++) {
                sender.send(new MyMessage(id, List.of(1.0f)));
            }

            for (int id = 0; id < 5; id++) {
                assertThat(receiver.receive(PATIENCE).id()).isEqualTo(id);
            }
            assertThat(receiver.tryReceive()).isNull();
        }
    }

    /// The sample's receiver polls and sleeps in between; this one waits.
    @Test
    void tenMessagesOfASenderThatWaitedUntilItsReceiverWasReadyArrive() throws Exception {
        try (NamedReceiver<MyMessage> receiver = NamedReceiver.open("my_service", MyMessage.class);
                Heartbeat heartbeat = receiver.startHeartbeat(BEAT);
                NamedSender<MyMessage> sender = NamedSender.open("my_service", MyMessage.class)) {
            sender.waitUntilReady();
            for (int i = 0; i < 10; i++) {
                sender.send(new MyMessage(i, List.of(1.0f, 2.0f, 3.0f)));
            }

            for (int i = 0; i < 10; i++) {
                assertThat(receiver.receive(PATIENCE).id()).isEqualTo(i);
            }
            heartbeat.stop();
            assertThat(heartbeat.isBeating()).isFalse();
        }
    }

    @Test
    void receiverThatIsNotReadyReleasesNoSender() throws Exception {
        try (NamedReceiver<String> receiver = NamedReceiver.open("words", String.class);
                NamedSender<String> sender = NamedSender.open("words", String.class)) {
            assertThat(sender.receiverCount()).isEqualTo(1);
            assertThatThrownBy(() -> sender.waitUntilReady(Duration.ZERO))
                    .isInstanceOf(TimedOut.class)
                    .hasMessageContaining("name=words, wanted=1, ready=0, there=1");

            try (Heartbeat _ = receiver.startHeartbeat(BEAT)) {
                sender.waitUntilReady(PATIENCE);
            }
        }
    }

    @Test
    void waitsForReadyMakeNothingAnew() throws Exception {
        try (NamedReceiver<String> receiver = NamedReceiver.open("words", String.class);
                Heartbeat _ = receiver.startHeartbeat(BEAT);
                NamedSender<String> sender = NamedSender.open("words", String.class)) {
            sender.waitUntilReady(PATIENCE);
            int before = descriptors();

            for (int i = 0; i < 1000; i++) {
                sender.waitUntilReady(PATIENCE);
            }

            assertThat(descriptors()).as("descriptors, of which the JVM itself may open some")
                    .isLessThan(before + 100);
        }
    }

    private static int descriptors() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.count();
        }
    }

    @Test
    void heartbeatOfOneChannelReleasesNoSenderOfAnother() throws Exception {
        try (NamedReceiver<String> one = NamedReceiver.open("one", String.class);
                Heartbeat _ = one.startHeartbeat(BEAT);
                NamedSender<String> ofOne = NamedSender.open("one", String.class);
                NamedSender<String> ofOther = NamedSender.open("other", String.class)) {
            ofOne.waitUntilReady(PATIENCE); // it has a heartbeat

            assertThatThrownBy(() -> ofOther.waitUntilReady(Duration.ofMillis(10)))
                    .isInstanceOf(TimedOut.class).hasMessageContaining("name=other");
        }
    }

    @Test
    void stopOfAHeartbeatDoesNotWaitForTheNextBeat() throws Exception {
        try (NamedReceiver<String> receiver = NamedReceiver.open("words", String.class);
                NamedSender<String> sender = NamedSender.open("words", String.class)) {
            Heartbeat heartbeat = receiver.startHeartbeat(Duration.ofDays(1));
            sender.waitUntilReady(PATIENCE);

            heartbeat.stop(); // would come to the class's time limit

            assertThat(heartbeat.isBeating()).isFalse();
            isNotReady(sender);
        }
    }

    /// Asserts it at once: the notification of the stop may still be on its way.
    private static void isNotReady(NamedSender<String> sender) {
        assertThatThrownBy(() -> sender.waitUntilReady(Duration.ZERO)).isInstanceOf(TimedOut.class);
    }

    @Test
    void closeOfAHeartbeatStopsItAndAnotherMayBeStarted() throws Exception {
        try (NamedReceiver<String> receiver = NamedReceiver.open("words", String.class);
                NamedSender<String> sender = NamedSender.open("words", String.class)) {
            try (Heartbeat heartbeat = receiver.startHeartbeat(BEAT)) {
                sender.waitUntilReady(PATIENCE);
                assertThatThrownBy(() -> receiver.startHeartbeat(BEAT))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("name=words");
                assertThat(heartbeat.isBeating()).isTrue();
            }
            isNotReady(sender);

            try (Heartbeat _ = receiver.startHeartbeat(BEAT)) {
                sender.waitUntilReady(PATIENCE);
            }
        }
    }

    @Test
    void twoHundredAndFiftySixMessagesWaitForAReceiverThatDoesNotReceive() throws Exception {
        try (NamedReceiver<MyMessage> receiver = NamedReceiver.open("my_service", MyMessage.class);
                NamedSender<MyMessage> sender = NamedSender.open("my_service", MyMessage.class)) {
            List<Float> data = List.of(1.0f, 2.0f, 3.0f);
            for (int id = 0; id < 256; id++) {
                assertThat(sender.trySend(new MyMessage(id, data))).isEqualTo(SendOutcome.SENT);
            }

            for (int id = 0; id < 256; id++) {
                assertThat(receiver.receive(PATIENCE).id()).isEqualTo(id);
            }
        }
    }

    @Test
    void fullReceiverKeepsTheSenderWaitingAndNothingIsDropped() throws Exception {
        try (NamedReceiver<Integer> receiver = NamedReceiver.open("numbers", Integer.class);
                NamedSender<Integer> sender = NamedSender.open("numbers", Integer.class)) {
            int sent = 0;
            while (sender.trySend(sent) == SendOutcome.SENT) {
                sent++;
            }
            int last = sent;
            assertThatThrownBy(() -> sender.send(last, Duration.ofMillis(10)))
                    .isInstanceOf(TimedOut.class);
            assertThat(receiver.receive(PATIENCE)).isZero();

            sender.send(last, PATIENCE);

            for (int number = 1; number <= last; number++) {
                assertThat(receiver.receive(PATIENCE)).isEqualTo(number);
            }
            assertThat(receiver.tryReceive()).isNull();
        }
    }

    @Test
    void senderThatFailsWithoutAReceiverNamesItsChannel() throws Exception {
        try (NamedSender<byte[]> sender = NamedSender.open("words", byte[].class,
                NamedOptions.defaults().withUnreceived(Unreceived.FAIL))) {
            for (ThrowingCallable send : List.<ThrowingCallable>of(
                    () -> sender.send(new byte[0]), () -> sender.send(new byte[0], PATIENCE),
                    () -> sender.claim(1), () -> sender.claim(1, PATIENCE))) {
                assertThatThrownBy(send).isInstanceOf(NoReceiver.class)
                        .hasMessageStartingWith("there is no receiver, and nothing was sent:"
                                + " name=words: looked in ");
            }
        }
    }

    @Test
    void manyThreadsSendByOneSenderAndEachKeepsItsOrder() throws Exception {
        int threads = 8;
        int messages = 500;
        try (NamedReceiver<Text> receiver = NamedReceiver.open("texts", Text.class);
                NamedSender<Text> sender = NamedSender.open("texts", Text.class);
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Void>> sending = IntStream.range(0, threads)
                    .mapToObj(thread -> executor.submit(() -> {
                        start.await();
                        for (int number = 0; number < messages; number++) {
                            sender.send(new Text(thread, number));
                        }
                        return (Void) null;
                    })).toList();
            start.countDown();

            List<Text> received = new ArrayList<>();
            for (int i = 0; i < threads * messages; i++) {
                received.add(receiver.receive(PATIENCE));
            }

            for (Future<Void> one : sending) {
                one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            Map<Integer, List<Integer>> ofEach = received.stream()
                    .collect(Collectors.groupingBy(Text::thread,
                            Collectors.mapping(Text::number, Collectors.toList())));
            assertThat(ofEach).hasSize(threads).allSatisfy((_, numbers) -> assertThat(numbers)
                    .containsExactlyElementsOf(IntStream.range(0, messages).boxed().toList()));
        }
    }

    @Test
    void messagesAreBinaryAndAsLongAsTheirContents() throws Exception {
        try (NamedReceiver<MyMessage> receiver = NamedReceiver.open("my_service", MyMessage.class);
                NamedSender<MyMessage> sender = NamedSender.open("my_service", MyMessage.class)) {
            EndStats before = sender.stats();
            sender.send(new MyMessage(1, Collections.nCopies(1000, 1.0f)));

            assertThat(receiver.receive(PATIENCE).data()).hasSize(1000);
            assertThat(sender.stats().bytes() - before.bytes())
                    .isBetween(4L * 1000, 4L * 1000 + 16);
        }
    }

    @Test
    void bytesWrittenInPlaceAreReadInPlaceByEachReceiver() throws Exception {
        try (NamedReceiver<byte[]> one = NamedReceiver.open("prices", byte[].class);
                NamedReceiver<byte[]> other = NamedReceiver.open("prices", byte[].class);
                NamedSender<byte[]> sender = NamedSender.open("prices", byte[].class)) {
            try (Claim claim = sender.claim(2 * Long.BYTES)) {
                claim.payload().set(ValueLayout.JAVA_LONG, 0, 42);
                ByteBuffer _ = claim.payload().asByteBuffer().order(ByteOrder.nativeOrder())
                        .putLong(Long.BYTES, 43);
                claim.commit();
            }

            for (NamedReceiver<byte[]> receiver : List.of(one, other)) {
                List<Long> read = new ArrayList<>();
                assertThat(receiver.receive((memory, offset, length) -> {
                    assertThat(length).isEqualTo(2 * Long.BYTES);
                    read.add(memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset));
                    read.add(memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + Long.BYTES));
                }, 100, PATIENCE)).isEqualTo(1);
                assertThat(read).containsExactly(42L, 43L);
            }
        }
    }

    /// A library writes only to its log.
    @Test
    void nothingIsPrintedOnStandardOutput() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (NamedReceiver<String> receiver = NamedReceiver.open("words", String.class);
                Heartbeat heartbeat = receiver.startHeartbeat(Duration.ofMillis(1));
                NamedSender<String> sender = NamedSender.open("words", String.class)) {
            sender.waitUntilReady();
            sender.send("one");
            assertThat(receiver.receive(PATIENCE)).isEqualTo("one");
            heartbeat.stop();
        } finally {
            System.setOut(out);
        }

        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }
}
