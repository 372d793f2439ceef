package dev.ipcchannel.internal.meet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Flock;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.wire.Greeting;
import dev.ipcchannel.internal.wire.Transfer;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OtherUser;
import dev.ipcchannel.testing.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The members of a name: they meet once each, whatever becomes of their entries, and whatever
/// other members are there.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MemberTest {

    private static final long NAME_MAGIC = 0x656d616e2d637069L; // "ipc-name", little-endian

    private static final String PLANTED = "00000000000000aa";

    @RegisterExtension
    final Children children = new Children();

    private Path directory = Path.of("");

    @BeforeEach
    void directoryIsOurs() throws Exception {
        directory = Files.createDirectory(children.directory().resolve("names"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        System.setProperty(RuntimeDirectory.PROPERTY, directory.toString());
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        System.clearProperty(RuntimeDirectory.PROPERTY);
        until(() -> {
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files).isEmpty();
            }
        });
    }

    private static Member open(Role role) throws InterruptedException {
        return Member.open(NameKind.CHANNEL, "words", "String", "String", "test", role);
    }

    private static void until(ThrowingRunnable fact) {
        await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(2)).untilAsserted(fact);
    }

    /// The folder of the name.
    private Path folder() {
        return NameFolder.of(new RuntimeDirectory(directory, "a test"), NameKind.CHANNEL, "words")
                .path();
    }

    private Path entry(Member member) {
        return folder().resolve(HexFormat.of().toHexDigits(member.number()));
    }

    private Path socket(Member member) {
        return Path.of(entry(member) + NameLock.SOCKET);
    }

    private boolean isFound(Member member) {
        return Files.exists(entry(member)) && Files.exists(socket(member));
    }

    private Descriptor connect(Member member) {
        return Sockets.connect(socket(member).toString(), Deadline.NEVER); // its queue may be full
    }

    /// An entry of a living process, namely this one.
    private Descriptor planted() throws IOException {
        Path _ = Files.createDirectories(folder(), PosixFilePermissions
                .asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path entry = folder().resolve(PLANTED);
        Descriptor lock = Objects.requireNonNull(Flock.createLocked(entry.toString()));
        Path _ = Files.writeString(entry, new Entry(NameKind.CHANNEL, "words", "sender", "String",
                4711, "planted").toText());
        return lock;
    }

    private String plantedSocket() {
        return folder().resolve(PLANTED + NameLock.SOCKET).toString();
    }

    private void uproot() throws IOException {
        boolean _ = Files.deleteIfExists(folder().resolve(PLANTED));
        boolean _ = Files.deleteIfExists(Path.of(plantedSocket()));
        boolean _ = Files.deleteIfExists(folder());
    }

    /// The warnings about members that do not answer: others may give the number of times that they
    /// occurred before.
    private static List<String> warnings(CaughtLog log) {
        return log.lines().stream().filter(line -> line.contains("do not answer")).toList();
    }

    private static void removeAll(Path path) throws Exception {
        Process removal = new ProcessBuilder("rm", "-rf", path.toString()).start();
        int _ = removal.waitFor(); // it may meet what has come again meanwhile
    }

    /// An entry has a limit, which a large protocol's description may exceed.
    @Test
    void membersOfATypeOfAnyLengthMeetAndThoseOfAnotherAreRefused() throws Exception {
        String type = "\n".repeat(2_000_000); // each of two bytes there
        try (Member first = open(PlainRole.receiver(), type + "one");
                Member second = open(PlainRole.sender(), type + "one")) {
            until(() -> assertThat(first.counterparts()).hasSize(1));
            assertThat(second.counterparts()).hasSize(1);
            assertThatThrownBy(() -> open(PlainRole.sender(), type + "another"))
                    .isInstanceOf(MeetingException.class).hasMessageContaining("another type");
        }
    }

    private static Member open(Role role, String type) throws InterruptedException {
        return Member.open(NameKind.CHANNEL, "words", type, "", "test", role);
    }

    @Test
    void membersOfBothRolesMeetOnceWhicheverComesFirst() throws Exception {
        PlainRole first = PlainRole.receiver();
        PlainRole second = PlainRole.sender();
        PlainRole third = PlainRole.receiver();
        try (Member _ = open(first); Member _ = open(second); Member _ = open(third)) {
            until(() -> assertThat(second.meetings()).isEqualTo(2));
            until(() -> assertThat(first.meetings() + third.meetings()).isEqualTo(2));
        }
    }

    @Test
    void departureIsAnEventEvenWhereTheRoleFails() throws Exception {
        PlainRole receiver = PlainRole.receiver().failingToPart(() -> {
            throw new IllegalStateException("a role that cannot part");
        });
        AtomicInteger departures = new AtomicInteger();
        try (CaughtLog _ = CaughtLog.listen(); Member inside = open(receiver)) {
            inside.onLeave(_ -> departures.incrementAndGet());
            try (Member _ = open(PlainRole.sender())) {
                until(() -> assertThat(receiver.there()).isEqualTo(1));
            }
            until(() -> assertThat(departures).hasValue(1));
            assertThat(inside.counterparts()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"entry", "socket", "folder", "directory"})
    void whatIsRemovedUnderAMemberIsMadeAgain(String what) throws Exception {
        PlainRole receiver = PlainRole.receiver();
        try (Member inside = open(receiver)) {
            removeAll(switch (what) {
                case "entry" -> entry(inside);
                case "socket" -> socket(inside);
                case "folder" -> folder();
                default -> directory;
            });
            until(() -> assertThat(isFound(inside)).isTrue());
            try (Member _ = open(PlainRole.sender())) {
                until(() -> assertThat(receiver.there()).isEqualTo(1));
            }
        }
    }

    @Test
    void directoryThatIsMovedAwayIsMadeAgain() throws Exception {
        PlainRole receiver = PlainRole.receiver();
        try (Member inside = open(receiver)) {
            Path moved = Files.move(directory, children.directory().resolve("moved"));
            until(() -> assertThat(isFound(inside)).isTrue());
            try (Member _ = open(PlainRole.sender())) {
                until(() -> assertThat(receiver.there()).isEqualTo(1));
            }
            removeAll(moved);
        }
    }

    @Test
    void thoseThatRegisterAgainKeepTheirOneMeeting() throws Exception {
        PlainRole receiver = PlainRole.receiver();
        PlainRole sender = PlainRole.sender();
        try (Member one = open(receiver); Member other = open(sender)) {
            for (int i = 0; i < 20; i++) {
                removeAll(directory);
                until(() -> assertThat(isFound(one) && isFound(other)).isTrue());
            }
            assertThat(receiver.meetings()).isEqualTo(1);
            assertThat(sender.meetings()).isEqualTo(1);
            assertThat(one.counterparts()).hasSize(1);
            assertThat(other.counterparts()).hasSize(1);
        }
    }

    /// The newcomer finds no directory and makes one: only members inside of the old directory can
    /// know.
    @Test
    void newcomerInADirectoryOfItsOwnIsMetByThoseOfTheOldOne() throws Exception {
        for (int i = 0; i < 100; i++) {
            PlainRole receiver = PlainRole.receiver();
            PlainRole sender = PlainRole.sender();
            try (Member _ = open(receiver)) {
                removeAll(directory);
                try (Member _ = open(sender)) {
                    until(() -> assertThat(receiver.there()).isEqualTo(1));
                    until(() -> assertThat(sender.there()).isEqualTo(1));
                }
            }
        }
    }

    @Test
    void secondConnectionOfAPairIsRefusedQuietly() throws Exception {
        PlainRole receiver = PlainRole.receiver();
        PlainRole sender = PlainRole.sender();
        try (CaughtLog log = CaughtLog.listen(); Member one = open(receiver);
                Member other = open(sender)) {
            until(() -> assertThat(receiver.there()).isEqualTo(1));
            Descriptor second = connect(one);
            Packet.Sending _ = Greeting.send(second, Greeting.HELLO, other.number(), 1,
                    new Transfer());
            try (Packet packet = new Packet()) {
                until(() -> assertThat(packet.receive(second)).isEqualTo(Packet.Receiving.PACKET));
                assertThat(Greeting.refusal(packet)).isEqualTo(Greeting.NO_REASON);
            }
            Sockets.hangUp(second);
            assertThat(receiver.meetings()).isEqualTo(1);
            assertThat(receiver.there()).isEqualTo(1);
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void memberThatSpeaksAnotherVersionIsRefusedWithBoth() throws Exception {
        PlainRole receiver = PlainRole.receiver();
        try (Member member = open(receiver)) {
            Descriptor former = connect(member);
            try (Packet packet = new Packet()) {
                packet.putByte(0, Greeting.HELLO).putLong(8, NAME_MAGIC)
                        .putLong(16, Greeting.VERSION - 1).putLong(24, 4711).putLong(32, 1);
                assertThat(packet.send(former, List.of())).isEqualTo(Packet.Sending.SENT);
            }
            try (Packet packet = new Packet()) {
                until(() -> assertThat(packet.receive(former)).isEqualTo(Packet.Receiving.PACKET));
                assertThat(Greeting.refusal(packet)).contains("it speaks another version", "2",
                        "1");
            }
            Sockets.hangUp(former);
            assertThat(receiver.meetings()).isZero();
        }
    }

    @Test
    void strangersThatSayNothingAreFewAndHinderNoMember() throws Exception {
        PlainRole receiver = PlainRole.receiver();
        List<Descriptor> strangers = new ArrayList<>();
        try (Member member = open(receiver)) {
            for (int i = 0; i < 3 * Connections.MAX_SILENT; i++) {
                strangers.add(connect(member));
            }
            try (Member _ = open(PlainRole.sender())) {
                until(() -> assertThat(receiver.there()).isEqualTo(1));
                // One more where the sender had not named itself yet when it was accepted.
                until(() -> assertThat(strangers.stream().filter(MemberTest::isOver))
                        .hasSizeBetween(2 * Connections.MAX_SILENT,
                                2 * Connections.MAX_SILENT + 1));
            }
        } finally {
            strangers.forEach(Sockets::hangUp);
        }
    }

    private static boolean isOver(Descriptor connection) {
        try (Packet packet = new Packet()) {
            return packet.receive(connection) == Packet.Receiving.END;
        } catch (PosixException _) {
            return true;
        }
    }

    @Test
    void socketThatAcceptsAndSaysNothingIsWaitedForTwoSecondsAndNamed() throws Exception {
        PlainRole receiver = PlainRole.receiver();
        try (CaughtLog log = CaughtLog.listen(); Descriptor _ = planted()) {
            Descriptor listener = Sockets.listen(plantedSocket());
            try (Member member = open(receiver)) {
                assertThat(warnings(log)).singleElement().asString()
                        .contains("name=words, pids=[4711]");
                assertThat(member.counterparts()).isEmpty();
            } finally {
                Sockets.endListener(listener);
                uproot();
            }
        }
    }

    @Test
    void memberWhoseQueueIsFullIsMetWhenItGoesOn() throws Exception {
        PlainRole receiver = PlainRole.receiver();
        List<Descriptor> queue = new ArrayList<>();
        try (CaughtLog log = CaughtLog.listen(); Descriptor _ = planted()) {
            Descriptor listener = Sockets.listen(plantedSocket());
            for (int i = 0; i < Sockets.MAX_UNACCEPTED; i++) {
                queue.add(Sockets.connect(plantedSocket(), Deadline.NOW));
            }
            try (Member member = open(receiver)) {
                assertThat(warnings(log)).singleElement().asString().contains("pids=[4711]");
                Descriptor connection = greeted(listener);
                Packet.Sending _ = Greeting.send(connection, Greeting.WELCOME,
                        Long.parseLong(PLANTED, 16), 4711, new Transfer());
                until(() -> assertThat(member.counterparts()).hasSize(1));
                Sockets.hangUp(connection);
                until(() -> assertThat(receiver.there()).isZero());
            } finally {
                queue.forEach(Sockets::hangUp);
                Sockets.endListener(listener);
                uproot();
            }
        }
    }

    /// Accepts until a connection has said something.
    private static Descriptor greeted(Descriptor listener) {
        List<Descriptor> accepted = new ArrayList<>();
        List<Descriptor> greeted = new ArrayList<>();
        until(() -> {
            Descriptor next = Sockets.accept(listener);
            if (next != null) {
                accepted.add(next);
            }
            try (Packet packet = new Packet()) {
                accepted.stream().filter(one -> packet.receive(one) == Packet.Receiving.PACKET)
                        .forEach(greeted::add);
            }
            assertThat(greeted).hasSize(1);
        });
        accepted.stream().filter(one -> !greeted.contains(one)).forEach(Sockets::hangUp);
        return greeted.getFirst();
    }

    /// As where a process has died and left its descriptors to a child.
    @Test
    void entryThatIsLockedWithoutAListenerHoldsAnOpenerUpForTwoSecondsAlone() throws Exception {
        try (CaughtLog log = CaughtLog.listen(); Descriptor _ = planted()) {
            Sockets.listen(plantedSocket()).close();
            try (Member member = open(PlainRole.receiver())) {
                assertThat(warnings(log)).singleElement().asString().contains("pids=[4711]");
                assertThat(member.counterparts()).isEmpty();
            } finally {
                uproot();
            }
        }
    }

    @Test
    void silentMembersAreWaitedForSideBySide() throws Exception {
        List<Descriptor> locks = new ArrayList<>();
        List<Descriptor> listeners = new ArrayList<>();
        locks.add(planted());
        for (int i = 0; i < 8; i++) {
            String id = "00000000000000b" + i;
            Path entry = folder().resolve(id);
            locks.add(Objects.requireNonNull(Flock.createLocked(entry.toString())));
            Path _ = Files.writeString(entry, Files.readString(folder().resolve(PLANTED)));
            listeners.add(Sockets.listen(entry + NameLock.SOCKET));
        }
        try (CaughtLog log = CaughtLog.listen(); Member _ = open(PlainRole.receiver())) {
            assertThat(warnings(log)).as("one wait for all").singleElement().asString()
                    .contains("waited=2 s").containsPattern("(4711, ){8}4711");
        } finally {
            listeners.forEach(Sockets::endListener);
            locks.forEach(Descriptor::close);
            try (Member _ = open(PlainRole.receiver())) {
                // sweeps them
            }
        }
    }

    @Test
    void refusalOfANewcomerOfAnotherTypeNamesTheMemberAndTheDifference() throws Exception {
        try (Member _ = open(PlainRole.receiver())) {
            assertThatThrownBy(
                    () -> Member.open(NameKind.CHANNEL, "words", "int", "Integer", "test",
                            PlainRole.receiver()))
                    .isInstanceOf(MeetingException.class)
                    .hasMessageContaining("name=words, pid=" + ProcessHandle.current().pid());
        }
    }

    @Test
    void entryOfAnotherUserIsPassedOver() throws Exception {
        String[] _ = OtherUser.command();
        try (CaughtLog log = CaughtLog.listen(); Descriptor _ = planted()) {
            OtherUser.own(folder().resolve(PLANTED), OtherUser.NUMBER);
            try (Member _ = open(PlainRole.receiver())) {
                assertThat(log.lines()).singleElement().asString().contains("of another user")
                        .contains(PLANTED);
            } finally {
                uproot();
            }
        }
    }

    @Test
    void whatIsNoEntryHindersNoMember() throws Exception {
        try (Descriptor _ = planted()) {
            uproot();
            Path _ = Files.createDirectories(folder());
            Descriptor notes = Objects.requireNonNull(
                    Flock.createLocked(folder().resolve("notes").toString()));
            Path _ = Files.createDirectory(folder().resolve("00000000000000cc"));
            Path _ = Files.createSymbolicLink(folder().resolve("00000000000000dd"),
                    Path.of("/nowhere"));
            Sockets.listen(folder().resolve("00000000000000ee").toString()).close();
            PlainRole receiver = PlainRole.receiver();
            try (Member _ = open(receiver); Member _ = open(PlainRole.sender())) {
                until(() -> assertThat(receiver.there()).isEqualTo(1));
            } finally {
                notes.close();
                removeAll(folder());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "link", "broken link"})
    void whatLiesWhereANamesFolderIsToBeIsNamed(String what) throws Exception {
        Path elsewhere = Files.createDirectory(children.directory().resolve("elsewhere"));
        Path _ = switch (what) {
            case "file" -> Files.createFile(folder());
            case "link" -> Files.createSymbolicLink(folder(), elsewhere);
            default -> Files.createSymbolicLink(folder(), Path.of("/nowhere/at/all"));
        };

        assertThatThrownBy(() -> open(PlainRole.receiver())).isInstanceOf(MeetingException.class)
                .hasMessageContaining(directory + " (ipc.directory)")
                .hasMessageContaining("set ipc.directory");

        assertThat(elsewhere).isEmptyDirectory();
        Files.delete(folder());
    }

    @Test
    void waitWithoutACounterpartSaysWhereItLooks() throws Exception {
        try (CaughtLog log = CaughtLog.listen(); Member member = open(PlainRole.sender())) {
            member.warnAlone();
            assertThat(log.lines()).singleElement().asString().contains("name=words, waited=5 s")
                    .contains("looked in " + directory + " (ipc.directory)")
                    .contains("these names are open: channel words (sender=1, this process)")
                    .contains("set IPC_CHANNEL_DIR");
        }
    }

    @Test
    void hostilePacketsHarmNoMember() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        PlainRole receiver = PlainRole.receiver();
        try (Member member = open(receiver)) {
            for (int i = 0; i < 500; i++) {
                Descriptor hostile = Sockets.connect(socket(member).toString(),
                        Deadline.after(Children.PATIENCE));
                for (int j = random.nextInt(4); j >= 0; j--) {
                    say(hostile, random);
                }
                Sockets.hangUp(hostile);
            }
            until(() -> assertThat(receiver.there()).as("seed=%d", seed).isZero());
            try (Member _ = open(PlainRole.sender())) {
                until(() -> assertThat(receiver.there()).as("seed=%d", seed).isEqualTo(1));
            }
        }
    }

    private static void say(Descriptor connection, Random random) {
        try (Packet packet = new Packet(); SharedMemory file = SharedMemory.create(4096)) {
            packet.putByte(0, random.nextInt(8));
            if (random.nextBoolean()) {
                packet.putLong(8, NAME_MAGIC).putLong(16, random.nextInt(3))
                        .putLong(24, random.nextInt(3)).putLong(32, random.nextLong());
            }
            byte[] rest = new byte[random.nextInt(900)];
            random.nextBytes(rest);
            if (random.nextBoolean()) {
                packet.putBytes(40, rest);
            }
            List<Descriptor> files = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                files.add(file.file());
            }
            Packet.Sending _ = packet.send(connection, files);
        } catch (PosixException _) {
            // It has hung up on us.
        }
    }

    @Test
    void openerThatIsInterruptedWhileTheNameIsHeldLeavesNothing() throws Exception {
        NameFolder name = NameFolder.of(new RuntimeDirectory(directory, "a test"),
                NameKind.CHANNEL, "words");
        try (NameLock _ = name.lock(Deadline.NEVER)) {
            Waits<Member> opening = Waits.in(() -> open(PlainRole.receiver()));
            opening.asleep();
            opening.thread().interrupt();
            opening.failure().isInstanceOf(InterruptedException.class);
            assertThat(folder()).isEmptyDirectory();
        }
        name.sweep(); // the folder that the holder has made
    }

    /// The opener has registered by then, and waits for a member that says nothing.
    @Test
    void openerThatIsInterruptedWhileItWaitsForOthersLeavesNothing() throws Exception {
        try (Descriptor _ = planted()) {
            Descriptor listener = Sockets.listen(plantedSocket());
            try {
                Waits.in(() -> {
                    Thread.currentThread().interrupt();
                    return open(PlainRole.receiver());
                }).failure().isInstanceOf(InterruptedException.class);
                until(() -> assertThat(folder()).isDirectoryNotContaining(
                        file -> !file.getFileName().toString().startsWith(PLANTED)));
                try (Descriptor connection = Objects.requireNonNull(Sockets.accept(listener))) {
                    assertThat(isGreetedAndLeft(connection)).isTrue();
                }
            } finally {
                Sockets.endListener(listener);
                uproot();
            }
        }
    }

    /// Whether a connection's other side has greeted, and hung up.
    private static boolean isGreetedAndLeft(Descriptor connection) {
        try (Packet packet = new Packet()) {
            until(() -> assertThat(packet.receive(connection))
                    .isEqualTo(Packet.Receiving.PACKET));
            Descriptor.closeAll(packet.takeDescriptors());
        }
        until(() -> assertThat(isOver(connection)).isTrue());
        return true;
    }
}
