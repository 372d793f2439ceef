package dev.ipcchannel.internal.meet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.EndClosed;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Flock;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.send.Outbox;
import dev.ipcchannel.internal.send.Share;
import dev.ipcchannel.internal.wire.Greeting;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.internal.wire.Notice;
import dev.ipcchannel.internal.wire.Transfer;
import dev.ipcchannel.named.NamedReceiver;
import dev.ipcchannel.named.NamedSender;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The words of a member to a process that it has met: the process gets them at the latest when it
/// reads again.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CounterpartTest {

    private static final int MORE_THAN_FIT = 2_000;

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
        await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(2)).untilAsserted(fact);
    }

    private static Descriptor connect(Member member) {
        NameFolder folder = NameFolder.of(RuntimeDirectory.find(), NameKind.CHANNEL, "words");
        Descriptor connection = Sockets.connect(
                folder.socket("%016x".formatted(member.number())).toString(), Deadline.NEVER);
        Packet.Sending _ = Greeting.send(connection, Greeting.HELLO, 4711, 1, new Transfer());
        return connection;
    }

    /// The words that have come and are not read yet.
    private static List<Notice.Kind> words(Descriptor connection) {
        List<Notice.Kind> words = new ArrayList<>();
        try (Packet packet = new Packet()) {
            while (packet.receive(connection) == Packet.Receiving.PACKET) {
                if (Greeting.is(packet, Greeting.WELCOME) || Greeting.is(packet, Greeting.HELLO)) {
                    Descriptor.closeAll(packet.takeDescriptors());
                } else {
                    Notice notice = Objects.requireNonNull(Greeting.notice(packet));
                    words.add(notice.kind());
                    Descriptor file = notice.file();
                    if (file != null) {
                        file.close();
                    }
                }
            }
        }
        return words;
    }

    @Test
    void noticeThatFoundNoRoomIsSentWhenThereIsSome() throws Exception {
        try (Member member = Member.open(NameKind.CHANNEL, "words", "", "", "test",
                PlainRole.receiver()); SharedMemory file = SharedMemory.create(4096)) {
            Descriptor connection = connect(member);
            until(() -> assertThat(member.counterparts()).hasSize(1));
            Counterpart counterpart = member.counterparts().getFirst();
            for (int i = 0; i < MORE_THAN_FIT; i++) {
                counterpart.send(Notice.of(Notice.Kind.STOPPED));
            }
            counterpart.send(Notice.beats(1, file.file()));

            List<Notice.Kind> words = words(connection);
            until(() -> {
                words.addAll(words(connection));
                assertThat(words.getLast()).isEqualTo(Notice.Kind.BEATS);
            });

            assertThat(words.size()).as("what was superseded is not said")
                    .isLessThan(MORE_THAN_FIT);
            Sockets.hangUp(connection);
            until(() -> assertThat(member.counterparts()).isEmpty());
        }
    }

    /// All members of this process are met on one thread.
    @Test
    void processThatNeverStopsSpeakingKeepsNoOtherWaiting() throws Exception {
        AtomicReference<@Nullable Descriptor> speaker = new AtomicReference<>();
        AtomicBoolean isOver = new AtomicBoolean();
        PlainRole receiver = PlainRole.receiver().answering(() -> {
            if (!isOver.get()) { // its next word is there before this one is read
                Packet.Sending _ = Greeting.send(Objects.requireNonNull(speaker.get()),
                        Notice.of(Notice.Kind.STOPPED));
            }
        });
        try (Member member = Member.open(NameKind.CHANNEL, "words", "", "", "test", receiver)) {
            Descriptor connection = connect(member);
            speaker.set(connection);
            until(() -> assertThat(receiver.meetings()).isEqualTo(1));
            Packet.Sending _ = Greeting.send(connection, Notice.of(Notice.Kind.STOPPED));
            try (Member _ = Member.open(NameKind.CHANNEL, "words", "", "", "test",
                    PlainRole.sender())) {
                until(() -> assertThat(receiver.meetings()).isEqualTo(2));
            } finally {
                isOver.set(true);
            }
            Sockets.hangUp(connection);
            until(() -> assertThat(member.counterparts()).isEmpty());
        }
    }

    @Test
    void departureThatFoundNoRoomIsTheLastWord() throws Exception {
        try (Member member = Member.open(NameKind.CHANNEL, "words", "", "", "test",
                PlainRole.receiver())) {
            Descriptor connection = connect(member);
            until(() -> assertThat(member.counterparts()).hasSize(1));
            Counterpart counterpart = member.counterparts().getFirst();
            for (int i = 0; i < MORE_THAN_FIT; i++) {
                counterpart.send(Notice.of(Notice.Kind.STOPPED));
            }
            counterpart.send(Notice.of(Notice.Kind.LEAVE));
            counterpart.send(Notice.of(Notice.Kind.STOPPED));

            List<Notice.Kind> words = words(connection);
            until(() -> {
                words.addAll(words(connection));
                assertThat(words.getLast()).isEqualTo(Notice.Kind.LEAVE);
            });
            Sockets.hangUp(connection);
            until(() -> assertThat(member.counterparts()).isEmpty());
        }
    }

    /// The sender may count the receiver already, though its answer has not come.
    @Test
    void departureWaitsForASenderThatWasGreetedAndHasNotAnswered() throws Exception {
        String planted = "00000000000000aa";
        Path folder = Files.createDirectories(
                NameFolder.of(RuntimeDirectory.find(), NameKind.CHANNEL, "words").path(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path entry = folder.resolve(planted);
        Descriptor listener = Sockets.listen(entry + NameLock.SOCKET);
        try (Descriptor _ = Objects.requireNonNull(Flock.createLocked(entry.toString()))) {
            Path _ = Files.writeString(entry, new Entry(NameKind.CHANNEL, "words", "sender", "",
                    4711, "planted").toText());
            try (NamedReceiver<String> receiver = NamedReceiver.open("words", String.class)) {
                Descriptor connection = Objects.requireNonNull(Sockets.accept(listener));
                Waits<Void> departure = Waits.run(receiver::leave).asleep();
                Packet.Sending _ = Greeting.send(connection, Greeting.WELCOME,
                        Long.parseLong(planted, 16), 4711, new Transfer());
                until(() -> assertThat(words(connection)).containsExactly(Notice.Kind.LEAVE));
                departure.asleep();
                Sockets.hangUp(connection);
                assertThat(departure.value()).isNull();
            }
        } finally {
            Sockets.endListener(listener);
            boolean _ = Files.deleteIfExists(entry);
        }
    }

    @Test
    void receiverThatLeavesStartsNoHeartbeat() throws Exception {
        try (NamedReceiver<String> receiver = NamedReceiver.open("words", String.class)) {
            Descriptor connection = connect(receiver.name(), new Transfer());
            until(() -> assertThat(receiver.senderCount()).isEqualTo(1));
            Waits<Void> departure = Waits.run(receiver::leave).asleep();

            assertThatThrownBy(() -> receiver.startHeartbeat(Duration.ofMillis(10)))
                    .isInstanceOf(EndClosed.class);

            Sockets.hangUp(connection);
            assertThat(departure.value()).isNull();
        }
    }

    /// A receiver that breaks the format of its lane is no longer a member, and its side learns of
    /// it.
    @Test
    void receiverThatASenderLetsGoIsNotCounted() throws Exception {
        LaneSettings settings = new LaneSettings(4096, 0, 1 << 20, "");
        Sockets.Pair pair = Sockets.pair();
        try (NamedSender<String> sender = NamedSender.open("words", String.class)) {
            Share wayIn = Outbox.shared(pair.first(), settings, null).share();
            Transfer transfer = new Transfer();
            wayIn.export(transfer);
            Descriptor connection = connect(sender.name(), transfer);
            Descriptor.closeAll(transfer.descriptors());
            sender.waitForReceivers(1, Children.PATIENCE);
            assertThat(sender.trySend("first")).isEqualTo(SendOutcome.SENT);
            HostileLane hostile = adopt(pair.second(), settings);
            hostile.store(settings.capacity() + HostileLane.READER_POSITION, Long.MAX_VALUE);

            until(() -> assertThat(sender.trySend("more")).isEqualTo(SendOutcome.NO_RECEIVER));
            until(() -> assertThat(sender.receiverCount()).isZero());
            until(() -> assertThat(isOver(connection)).isTrue());
            hostile.close();
            wayIn.end("the test is over");
            Sockets.hangUp(connection);
        } finally {
            pair.second().close();
        }
    }

    @Test
    void descriptorsThatNoRoleExpectsAreClosed() throws Exception {
        Sockets.Pair pair = Sockets.pair();
        Share wayIn = Outbox.shared(pair.first(), new LaneSettings(4096, 0, 1 << 20, ""), null)
                .share();
        try (NamedReceiver<String> receiver = NamedReceiver.open("words", String.class)) {
            long before = Children.descriptors();
            for (int i = 0; i < 20; i++) {
                Transfer transfer = new Transfer();
                wayIn.export(transfer); // which a receiver has no use for
                Descriptor connection = connect(receiver.name(), transfer);
                Descriptor.closeAll(transfer.descriptors());
                until(() -> assertThat(receiver.senderCount()).isEqualTo(1));
                Sockets.hangUp(connection);
                until(() -> assertThat(receiver.senderCount()).isZero());
            }

            until(() -> assertThat(Children.descriptors()).isLessThanOrEqualTo(before));
        } finally {
            wayIn.end("the test is over");
            pair.second().close();
        }
    }

    private static Descriptor connect(String name, Transfer transfer) throws IOException {
        NameFolder folder = NameFolder.of(RuntimeDirectory.find(), NameKind.CHANNEL, name);
        try (Stream<Path> files = Files.list(folder.path())) {
            Path socket = files.filter(file -> file.toString().endsWith(NameLock.SOCKET))
                    .findFirst().orElseThrow();
            Descriptor connection = Sockets.connect(socket.toString(), Deadline.NEVER);
            Packet.Sending _ = Greeting.send(connection, Greeting.HELLO, 4711, 1, transfer);
            return connection;
        }
    }

    private static HostileLane adopt(Descriptor socket, LaneSettings settings) {
        try (Packet packet = new Packet()) {
            assertThat(packet.receive(socket)).isEqualTo(Packet.Receiving.PACKET);
            return HostileLane.adopt(settings.capacity(), packet.takeDescriptors());
        }
    }

    private static boolean isOver(Descriptor connection) {
        try (Packet packet = new Packet()) {
            return packet.receive(connection) == Packet.Receiving.END;
        }
    }
}
