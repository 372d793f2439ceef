package dev.ipcchannel.internal.meet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Codec;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.Sender;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.NamedEnd;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.send.Outbox;
import dev.ipcchannel.internal.wire.Greeting;
import dev.ipcchannel.internal.wire.Transfer;
import dev.ipcchannel.named.NamedReceiver;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The connections of a receiver by name with its senders: each has a way in of its own, which is
/// looked at once the former way in of that sender has been read to its end, and leaves nothing.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WaysInTest {

    private static final int ROUNDS = 200;
    private static final long NUMBER = 4711;
    private static final Codec<String> CODEC = Codec.of(String.class);

    @RegisterExtension
    final Children children = new Children();

    @BeforeEach
    void namesAreOfThisTestAlone() {
        System.setProperty(RuntimeDirectory.PROPERTY,
                children.directory().resolve("names").toString());
    }

    @AfterEach
    void namesAreTheUsersAgain() {
        System.clearProperty(RuntimeDirectory.PROPERTY);
    }

    private static void until(ThrowingRunnable fact) {
        await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(1)).untilAsserted(fact);
    }

    /// A sender's side of one connection, whose end is not that of its ring.
    private record Line(Descriptor connection, Sender<String> sender) {

        /// Greets the one receiver of the name.
        static Line open(long number) {
            return Objects.requireNonNull(openIfTaken(number));
        }

        /// @return null if it hangs up
        static @Nullable Line openIfTaken(long number) {
            NameFolder folder = NameFolder.of(RuntimeDirectory.find(), NameKind.CHANNEL, "words");
            Descriptor connection = Sockets.connect(
                    folder.socket(folder.members().getFirst().id()).toString(), Deadline.NEVER);
            Packet.Sending _ =
                    Greeting.send(connection, Greeting.HELLO, number, 1, new Transfer());
            List<Transfer> offered = new ArrayList<>();
            until(() -> assertThat(isAnswered(connection, offered)).isTrue());
            if (offered.isEmpty()) {
                Sockets.hangUp(connection);
                return null;
            }
            return new Line(connection,
                    EndAccess.sender(Outbox.importFrom(offered.getFirst(), null).share(), CODEC,
                            NamedEnd.of("words", "receiver")));
        }

        private static boolean isAnswered(Descriptor connection, List<Transfer> offered) {
            try (Packet packet = new Packet()) {
                Packet.Receiving found = packet.receive(connection);
                if (found == Packet.Receiving.PACKET && Greeting.is(packet, Greeting.WELCOME)) {
                    boolean _ = offered.add(Greeting.transfer(packet));
                }
                return found != Packet.Receiving.NOTHING;
            }
        }

        void hangUp() {
            Sockets.hangUp(connection);
        }
    }

    /// The sender's side of a pair that was disconnected and has met again: each message of its
    /// first ring is to come before those of its second.
    private static final class MetAgain implements AutoCloseable {

        private final Line first;
        private final Line second;

        MetAgain(NamedReceiver<String> receiver) throws InterruptedException {
            first = Line.open(NUMBER);
            first.sender.send("1");
            until(() -> assertThat(receiver.senderCount()).isEqualTo(1));
            first.hangUp();
            until(() -> assertThat(receiver.senderCount()).isZero());
            second = Line.open(NUMBER);
            second.sender.send("3");
            until(() -> assertThat(receiver.senderCount()).isEqualTo(1));
        }

        @Override
        public void close() {
            first.sender.close();
            second.sender.close();
            second.hangUp();
        }
    }

    private static NamedReceiver<String> open() throws InterruptedException {
        return NamedReceiver.open("words", String.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatASenderSentBeforeItMetAgainComesFirst(boolean isVirtual) throws Exception {
        try (NamedReceiver<String> receiver = open(); MetAgain sender = new MetAgain(receiver)) {
            assertThat(receiver.receive()).isEqualTo("1");
            Waits<String> waiting = Waits.in(isVirtual, receiver::receive).asleep();
            sender.first.sender.send("2");
            assertThat(waiting.value()).isEqualTo("2");
            Waits<String> next = Waits.in(isVirtual, receiver::receive).asleep();

            sender.first.sender.close();

            assertThat(next.value()).isEqualTo("3");
        }
    }

    @Test
    void whatASenderSentBeforeItMetAgainComesFirstWithoutAWait() throws Exception {
        try (NamedReceiver<String> receiver = open(); MetAgain sender = new MetAgain(receiver)) {
            assertThat(receiver.tryReceive()).isEqualTo("1");
            assertThat(receiver.tryReceive()).as("its first ring is open").isNull();
            sender.first.sender.send("2");
            sender.first.sender.close();

            assertThat(receiver.tryReceive()).isEqualTo("2");
            assertThat(receiver.tryReceive()).isEqualTo("3");
        }
    }

    @Test
    void whatASenderSentBeforeItMetAgainComesFirstInASet() throws Exception {
        try (NamedReceiver<String> receiver = open(); MetAgain sender = new MetAgain(receiver);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(receiver.receiver());
            assertThat(text(set.select())).isEqualTo("1");
            Waits<List<ReceiverEvent<String>>> waiting =
                    Waits.in(() -> set.select()).asleep();

            sender.first.sender.close();

            assertThat(text(waiting.value())).isEqualTo("3");
        }
    }

    private static Object text(List<ReceiverEvent<String>> events) {
        assertThat(events).hasSize(1);
        return ((ReceiverEvent.Message<?>) events.getFirst()).message();
    }

    /// The connection ends before the receiver has looked at what it has announced.
    @Test
    void nothingThatWasSentIsLostWhenAConnectionEnds() throws Exception {
        try (NamedReceiver<String> receiver = open()) {
            int sent = 0;
            int received = 0;
            for (int i = 0; i < ROUNDS; i++) {
                Line line = Line.open(NUMBER + i);
                line.hangUp();
                try (Sender<String> sender = line.sender) {
                    sender.send("message " + i);
                    sent++;
                } catch (IpcException _) {
                    // It learns it.
                }
                if (i % 3 == 0) {
                    received += receiver.tryReceive() == null ? 0 : 1;
                }
            }
            int expected = sent;
            int before = received;
            List<String> rest = new ArrayList<>();
            until(() -> {
                String next = receiver.tryReceive();
                if (next != null) {
                    boolean _ = rest.add(next);
                }
                assertThat(before + rest.size()).isEqualTo(expected);
            });
            assertThat(receiver.tryReceive()).isNull();
        }
    }

    /// No thread receives meanwhile: what the senders leave is cleaned up all the same.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendersThatComeAndGoLeaveNothing(boolean isBehind) throws Exception {
        try (NamedReceiver<String> receiver = open()) {
            Line open = Line.open(NUMBER);
            open.sender.send("first");
            assertThat(receiver.receive()).isEqualTo("first"); // its ring is there
            open.sender.send("second");
            open.hangUp();
            until(() -> assertThat(receiver.senderCount()).isZero());
            long before = Children.descriptors();
            for (int i = 1; i <= ROUNDS; i++) {
                Line line = Line.open(isBehind ? NUMBER : NUMBER + i);
                line.hangUp();
                if (i % 2 == 0) { // it sees the end of its way in before it has sent
                    until(() -> assertThat(line.sender.isConnected()).isFalse());
                }
                line.sender.close();
                until(() -> assertThat(receiver.senderCount()).isZero());
            }

            until(() -> assertThat(Children.descriptors()).isLessThanOrEqualTo(before));
            assertThat(receiver.tryReceive()).isEqualTo("second");
            open.sender.close();
        }
    }

    /// The sender sends each time, and its first ring is never at its end.
    @Test
    void senderThatComesAndGoesKeepsNoOtherOut() throws Exception {
        List<Line> lines = new ArrayList<>();
        try (NamedReceiver<String> receiver = open()) {
            for (Line line = Line.openIfTaken(NUMBER); line != null; line =
                    Line.openIfTaken(NUMBER)) {
                line.sender.send("message " + lines.size());
                boolean _ = lines.add(line);
                line.hangUp();
                until(() -> assertThat(receiver.senderCount()).isZero());
                assertThat(lines).hasSizeLessThan(ROUNDS);
            }

            Line other = Line.open(NUMBER + 1);
            other.sender.send("other");
            assertThat(List.of(receiver.receive(), receiver.receive()))
                    .containsExactlyInAnyOrder("message 0", "other");
            assertThat(receiver.tryReceive()).isNull();
            for (int i = 1; i < lines.size(); i++) {
                lines.get(i - 1).sender.close();
                assertThat(receiver.receive()).isEqualTo("message " + i);
            }
            lines.getLast().sender.close();
            assertThat(receiver.tryReceive()).isNull();
            Line last = Line.open(NUMBER);
            last.hangUp();
            last.sender.close();
            other.hangUp();
            other.sender.close();
        }
    }

    @Test
    void receiverThatIsClosedLeavesNothingOfSendersThatHaveSentNothing() throws Exception {
        List<Line> lines = new ArrayList<>();
        long before;
        try (NamedReceiver<String> receiver = open()) {
            before = Children.descriptors();
            for (int i = 0; i < ROUNDS; i++) {
                boolean _ = lines.add(Line.open(NUMBER + i));
            }
            assertThat(receiver.tryReceive()).isNull();
            lines.add(Line.open(NUMBER + ROUNDS)); // not looked at
            assertThat(Children.descriptors() - before).as("two on each side")
                    .isGreaterThanOrEqualTo(4L * lines.size());
        }

        lines.forEach(line -> until(
                () -> assertThat(line.sender.isConnected()).isFalse()));
        lines.forEach(line -> {
            line.sender.close();
            line.hangUp();
        });
        until(() -> assertThat(Children.descriptors()).isLessThanOrEqualTo(before));
    }
}
