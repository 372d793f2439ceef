package dev.ipcchannel.internal.meet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Flock;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.wire.Greeting;
import dev.ipcchannel.internal.wire.Notice;
import dev.ipcchannel.internal.wire.Transfer;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Two members that are disconnected while both live and go on: they meet again.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DisconnectedPairTest {

    private static final String PLANTED = "00000000000000aa";

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

    private static Member open(Role role) throws InterruptedException {
        return Member.open(NameKind.CHANNEL, "words", "", "", "test", role);
    }

    private static void until(ThrowingRunnable fact) {
        await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(2)).untilAsserted(fact);
    }

    private static void isMet(PlainRole first, PlainRole second, int times) {
        until(() -> {
            assertThat(List.of(first.meetings(), second.meetings())).containsExactly(times, times);
            assertThat(List.of(first.there(), second.there())).containsExactly(1, 1);
        });
    }

    @Test
    void pairMeetsAgainWhicheverOfTheTwoHasEndedTheirConnection() throws Exception {
        PlainRole receiver = PlainRole.receiver();
        PlainRole sender = PlainRole.sender();
        try (Member first = open(receiver); Member second = open(sender)) {
            isMet(receiver, sender, 1);

            first.counterparts().getFirst().cut();
            isMet(receiver, sender, 2);

            second.counterparts().getFirst().cut();
            isMet(receiver, sender, 3);
        }
    }

    /// Bytes that are no message of the protocol count as a failure of the other member.
    @Test
    void pairMeetsAgainAfterGarbage() throws Exception {
        PlainRole receiver = PlainRole.receiver();
        try (Planted planted = new Planted()) {
            Waits<Member> opening = Waits.in(() -> open(receiver));
            Descriptor connection = planted.welcome();
            try (Member _ = opening.value()) {
                until(() -> assertThat(receiver.there()).isEqualTo(1));
                try (Packet packet = new Packet()) {
                    Packet.Sending _ = packet.putByte(0, 99).send(connection, List.of());
                }

                Descriptor again = planted.welcome();

                until(() -> assertThat(receiver.meetings()).isEqualTo(2));
                Sockets.hangUp(connection);
                Sockets.hangUp(again);
            }
        }
    }

    @Test
    void memberThatHasLeftIsNotMetAgain() throws Exception {
        PlainRole receiver = PlainRole.receiver();
        try (Planted planted = new Planted()) {
            Waits<Member> opening = Waits.in(() -> open(receiver));
            Descriptor connection = planted.welcome();
            try (Member _ = opening.value()) {
                until(() -> assertThat(receiver.there()).isEqualTo(1));
                Packet.Sending _ = Greeting.send(connection, Notice.of(Notice.Kind.LEAVE));
                until(() -> assertThat(receiver.there()).isZero());

                Waits<Member> another = Waits.in(() -> open(PlainRole.receiver()));
                Descriptor next = planted.welcome();
                try (Member other = another.value()) {
                    assertThat(greeter(next)).as("not the first").isEqualTo(other.number());
                    assertThat(planted.isAnyWaiting()).isFalse();
                    Sockets.hangUp(next);
                }
                Sockets.hangUp(connection);
            }
        }
    }

    private static long greeter(Descriptor connection) {
        try (Packet packet = new Packet()) {
            until(() -> assertThat(packet.receive(connection)).isEqualTo(Packet.Receiving.PACKET));
            assertThat(Greeting.is(packet, Greeting.HELLO)).isTrue();
            return Greeting.member(packet);
        }
    }

    /// The heap may be full at the moment at which a connection ends.
    @Test
    void pairMeetsAgainThoughThereWasNoMemoryToLetTheOtherOneGo() throws Exception {
        AtomicInteger failures = new AtomicInteger(5);
        PlainRole receiver = PlainRole.receiver();
        PlainRole sender = PlainRole.sender().failingToPart(() -> {
            if (failures.getAndDecrement() > 0) {
                throw new OutOfMemoryError("a failure of this test");
            }
        });
        try (Member first = open(receiver); Member _ = open(sender)) {
            isMet(receiver, sender, 1);

            first.counterparts().getFirst().cut();

            isMet(receiver, sender, 2);
            assertThat(failures).hasNegativeValue();
        }
    }

    @Test
    void memberThatHangsUpAtOnceIsTriedEverMoreSeldom() throws Exception {
        try (Planted planted = new Planted()) {
            Waits<Member> opening = Waits.in(() -> open(PlainRole.receiver()));
            Descriptor connection = planted.welcome();
            try (Member _ = opening.value()) {
                Sockets.hangUp(connection);

                long tries = planted.hangUpOnAll(Duration.ofSeconds(2));

                assertThat(tries).as("pauses of 1, 2, 4, … 250 ms").isBetween(2L, 25L);
            }
        }
    }

    /// An entry of a living process, namely this one, and its socket.
    private static final class Planted implements AutoCloseable {

        private final Path entry;
        private final Descriptor lock;
        private final String socket;
        private final Descriptor listener;

        Planted() throws Exception {
            Path folder = NameFolder.of(RuntimeDirectory.find(), NameKind.CHANNEL, "words").path();
            Path _ = Files.createDirectories(folder);
            this.entry = folder.resolve(PLANTED);
            this.lock = Objects.requireNonNull(Flock.createLocked(entry.toString()));
            Path _ = Files.writeString(entry, new Entry(NameKind.CHANNEL, "words", "sender", "",
                    4711, "planted").toText());
            this.socket = entry + NameLock.SOCKET;
            this.listener = Sockets.listen(socket);
        }

        boolean isAnyWaiting() {
            Descriptor next = Sockets.accept(listener);
            if (next != null) {
                Sockets.hangUp(next);
            }
            return next != null;
        }

        Descriptor accept() {
            List<Descriptor> found = new ArrayList<>();
            until(() -> {
                Descriptor next = Sockets.accept(listener);
                if (next != null) {
                    boolean _ = found.add(next);
                }
                assertThat(found).isNotEmpty();
            });
            return found.getFirst();
        }

        /// Answers the next member that greets.
        Descriptor welcome() {
            Descriptor connection = accept();
            Packet.Sending _ = Greeting.send(connection, Greeting.WELCOME,
                    Long.parseLong(PLANTED, 16), 4711, new Transfer());
            return connection;
        }

        /// @return the number of members that have connected
        long hangUpOnAll(Duration time) {
            Deadline end = Deadline.after(time);
            long count = 0;
            while (!end.isPast()) {
                Descriptor next = Sockets.accept(listener);
                if (next == null) {
                    Pause.of(TimeUnit.MILLISECONDS.toNanos(1));
                } else {
                    count++;
                    Sockets.hangUp(next);
                }
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            Sockets.endListener(listener);
            boolean _ = Files.deleteIfExists(Path.of(socket));
            boolean _ = Files.deleteIfExists(entry);
            lock.close();
        }
    }
}
