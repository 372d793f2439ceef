package dev.ipcchannel.internal.send;

import static dev.ipcchannel.internal.send.Recipient.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.Outgoing.Offer;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.RefusedMemoryException;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RingLayout;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.send.Group.Unreceived;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.Waits;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A long message to many: it is written once, whatever happens to the others while one receiver
/// reads.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupLongTest {

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
    private static final int LONG = 200 * KIB; // in a file of 256
    private static final int FILE = 256 * KIB;
    private static final int MANY = 16;

    @RegisterExtension
    final Children children = new Children();

    private final List<Recipient> recipients = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();

    private Set<String> others = Set.of();

    @BeforeEach
    void look() throws IOException {
        others = Set.copyOf(files().keySet());
    }

    @AfterEach
    void close() {
        groups.forEach(group -> group.end("closed"));
        recipients.forEach(Recipient::closeAll);
        await("no file is mapped").atMost(Children.PATIENCE).until(() -> files().isEmpty());
    }

    @Test
    void messageToManyIsInOneFile() throws Exception {
        Group group = group(SpillPool.shared());
        join(group, MANY);

        send(group, 1, LONG);

        assertThat(files()).hasSize(1).containsValue((long) FILE);
        assertAllGet(1, LONG);
    }

    @Test
    void fileOfManyIsCountedOnce() throws Exception {
        Group group = group(SpillPool.shared());
        join(group, MANY);
        send(group, 1, 8);
        assertAllGet(1, 8);
        Counters before = Counters.ofProcess(Counters.Side.SENDER);

        send(group, 2, LONG);

        Counters now = Counters.ofProcess(Counters.Side.SENDER);
        assertThat(now.memory() - before.memory()).isEqualTo(FILE);
        assertThat(now.descriptors() - before.descriptors()).isEqualTo(1);
        assertAllGet(2, LONG);
        group.end("closed");
        recipients.forEach(Recipient::closeAll);
        assertThat(Counters.ofProcess(Counters.Side.SENDER).memory())
                .isLessThanOrEqualTo(before.memory() - MANY * RingLayout.regionLength(4 * KIB));
    }

    @Test
    void messageWrittenInPlaceIsInOneFile() throws Exception {
        Group group = group(SpillPool.shared());
        join(group, MANY);

        claim(group, 3);
        group.way().commit();

        assertThat(files()).hasSize(1);
        assertAllGet(3, LONG);
    }

    @Test
    void whereReadersCouldWriteEachHasAFileOfItsOwn() throws Exception {
        Group group = group(null);
        join(group, MANY);

        send(group, 1, LONG);

        assertThat(files()).hasSize(MANY);
        assertAllGet(1, LONG);
    }

    @Test
    void fileIsUsedAgainOnceAllHavePassed() throws Exception {
        Group group = group(SpillPool.shared());
        join(group, 3);
        for (int i = 0; i < 100; i++) {
            send(group, i, LONG);
            assertAllGet(i, LONG);
        }

        assertThat(files()).hasSize(1);
    }

    @Test
    void ringsThatAreLongEnoughAndOneFileHoldTheSameMessage() throws Exception {
        LaneSettings large = new LaneSettings(MIB, 0, MIB, "");
        for (boolean isLargeFirst : new boolean[]{true, false}) {
            Group group = group(SpillPool.shared());
            int before = files().size();
            recipients.clear();
            for (int i = 0; i < 6; i++) {
                join(group, Recipient.open((i % 2 == 0) == isLargeFirst ? large
                        : Recipient.SETTINGS));
            }
            send(group, 1, LONG);
            claim(group, 2);
            group.way().commit();

            assertThat(files()).hasSize(before + 2);
            for (Recipient recipient : recipients) {
                assertThat(recipient.next(2, LONG)).containsExactly(1, 2);
            }
            recipients.forEach(Recipient::closeAll);
        }
    }

    @Test
    void newcomerGetsTheNextMessageInTheSameFile() throws Exception {
        Group group = group(SpillPool.shared());
        join(group, 2);
        send(group, 1, LONG);
        assertAllGet(1, LONG);

        join(group, 1);
        send(group, 2, LONG);

        assertThat(files()).hasSize(1);
        assertAllGet(2, LONG);
    }

    @Test
    void newcomerBetweenClaimAndCommitGetsItInTheSameFile() throws Exception {
        Group group = group(SpillPool.shared());
        join(group, 2);
        claim(group, 5);

        join(group, 1);
        group.way().commit();

        assertThat(files()).hasSize(1);
        assertAllGet(5, LONG);
    }

    @Test
    void receiverThatEndsWhileItReadsKeepsNoFileFromTheOthers() throws Exception {
        Group group = group(SpillPool.shared());
        join(group, 3);
        Recipient doomed = recipients.getLast();
        for (int i = 0; i < 10; i++) {
            send(group, i, LONG);
            recipients.get(0).next(LONG);
            recipients.get(1).next(LONG);
        }
        assertThat(files()).hasSize(10);

        doomed.close();

        recipients.remove(doomed);
        for (int i = 0; i < 100; i++) {
            send(group, i, LONG);
            assertAllGet(i, LONG);
        }
        assertThat(files()).as("one beside those that were unread").hasSize(11);
    }

    @Test
    void receiverThatHasLeftReadsWhatItGotThoughTheOthersGoOn() throws Exception {
        Group group = group(SpillPool.shared());
        join(group, 1);
        Recipient leaving = Recipient.open();
        Share share = leaving.share();
        assertThat(group.join(share)).isTrue();
        for (int i = 0; i < 10; i++) {
            send(group, i, LONG);
            assertAllGet(i, LONG);
        }

        group.leave(share, "it leaves");
        for (int i = 0; i < 50; i++) {
            send(group, 100, LONG);
            assertAllGet(100, LONG);
        }

        assertThat(leaving.next(10, LONG)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        leaving.closeAll();
    }

    @Test
    void unreadBytesOfOneReceiverAre64MibAndThenItIsWaitedFor() throws Exception {
        Group group = group(SpillPool.shared());
        for (int i = 0; i < 2; i++) {
            join(group, Recipient.open(new LaneSettings(64 * KIB, 0, MIB, "")));
        }
        Recipient quick = recipients.get(0);
        Recipient slow = recipients.get(1);
        for (int i = 0; i < 64; i++) {
            send(group, i, MIB);
            quick.next(MIB);
        }
        assertThat(group.way().trySend(OutgoingMessage.of(message(64, MIB), List.of())))
                .isEqualTo(Offer.FULL);
        assertThat(quick.poll(MIB)).as("no receiver has it").isNull();
        assertThat(sum(files())).isEqualTo(64L * MIB);

        assertThat(slow.next(MIB)).isZero();

        send(group, 64, MIB);
        assertThat(quick.next(MIB)).isEqualTo(64);
        assertThat(slow.next(64, MIB)).hasSize(64).endsWith(64);
        assertThat(sum(files())).isEqualTo(64L * MIB);
        send(group, 1, 8);
        assertAllGet(1, 8);
        assertThat(sum(files())).as("what waits to be used again").isEqualTo(16L * MIB);
    }

    @Test
    void unreadBytesInAllAreBoundedByTheOneThatPinsTheOldestFile() throws Exception {
        Group group = group(SpillPool.shared(4L * MIB, 100));
        join(group, 2);
        Recipient quick = recipients.get(0);
        Recipient slow = recipients.get(1);
        for (int i = 0; i < 4; i++) {
            send(group, i, MIB);
            quick.next(MIB);
        }
        assertThat(group.way().trySend(OutgoingMessage.of(message(4, MIB), List.of())))
                .isEqualTo(Offer.FULL);
        Waits<Boolean> send = Waits.in(
                () -> group.way().send(OutgoingMessage.of(message(4, MIB), List.of()),
                        Deadline.NEVER));
        send.asleep();

        assertThat(slow.next(MIB)).isZero();

        assertThat(send.value()).isTrue();
        assertThat(quick.next(MIB)).isEqualTo(4);
        assertThat(slow.next(4, MIB)).containsExactly(1, 2, 3, 4);
        assertThat(sum(files())).as("with that of the message that waited").isEqualTo(5L * MIB);
    }

    @Test
    void numberOfFilesInAllIsBoundedToo() throws Exception {
        Group group = group(SpillPool.shared(64L * MIB, 5));
        join(group, 2);
        for (int i = 0; i < 5; i++) {
            send(group, i, LONG);
            recipients.getFirst().next(LONG);
        }
        assertThat(group.way().trySend(OutgoingMessage.of(message(5, LONG), List.of())))
                .isEqualTo(Offer.FULL);

        assertThat(recipients.getLast().next(LONG)).isZero();

        send(group, 5, LONG);
        assertThat(files()).hasSize(5);
    }

    @Test
    void tenThousandLongMessagesLeaveNothingOpen() throws Exception {
        Group group = group(SpillPool.shared());
        join(group, 3);
        send(group, 1, LONG);
        assertAllGet(1, LONG);
        long descriptors = Children.descriptors();
        long mappings = Children.mappings();

        for (int i = 0; i < 10_000; i++) {
            assertThat(
                    group.way().send(OutgoingMessage.of(message(i % 100, 4 * KIB), List.of()),
                            Deadline.NEVER))
                    .isTrue();
            for (Recipient recipient : recipients) {
                recipient.skip(1);
            }
        }

        // one file more
        assertThat(Children.descriptors()).isLessThanOrEqualTo(descriptors + 1 + 3);
        assertThat(Children.mappings()).isLessThanOrEqualTo(mappings + 1 + 3);
    }

    @Test
    void hostileReaderCannotWriteToWhatOthersRead() throws Exception {
        Group group = group(SpillPool.shared());
        Sockets.Pair pair = Sockets.pair();
        assertThat(group.join(
                Outbox.shared(pair.first(), Recipient.SETTINGS, null).share())).isTrue();
        join(group, 1);
        send(group, 1, LONG);
        try (Packet packet = new Packet()) {
            assertThat(packet.receive(pair.second())).isEqualTo(Packet.Receiving.PACKET);
            List<Descriptor> lane = packet.takeDescriptors();
            assertThat(packet.receive(lane.getFirst())).isEqualTo(Packet.Receiving.PACKET);
            try (Descriptor file = packet.takeDescriptors().getFirst()) {
                assertNotWritable(file);
            }
            HostileLane.adopt(Recipient.SETTINGS.capacity(), lane).close();
        }
        assertAllGet(1, LONG);
        pair.second().close();
    }

    private static void assertNotWritable(Descriptor file) throws IOException {
        assertThatThrownBy(() -> SharedMemory.adopt(file.duplicate(), FILE))
                .isInstanceOf(RefusedMemoryException.class)
                .hasMessageContaining("it may not be written to");
        try (FileChannel channel = FileChannel.open(Path.of("/proc/self/fd/" + file.number()),
                StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1), 0))
                    .isInstanceOf(IOException.class).hasMessageContaining("not permitted");
            assertThatThrownBy(() -> channel.map(FileChannel.MapMode.READ_WRITE, 0, FILE))
                    .isInstanceOf(IOException.class).hasMessageContaining("not permitted");
        }
    }

    private Group group(@Nullable SpillPool files) {
        Group group = new Group(Recipient.SETTINGS, Unreceived.WAIT, "", files);
        groups.add(group);
        return group;
    }

    private void join(Group group, int count) {
        for (int i = 0; i < count; i++) {
            join(group, Recipient.open());
        }
    }

    private void join(Group group, Recipient recipient) {
        recipients.add(recipient);
        assertThat(group.join(recipient.share())).isTrue();
    }

    private static void send(Group group, int number, int length) {
        assertThat(group.way().trySend(OutgoingMessage.of(message(number, length), List.of())))
                .isEqualTo(Offer.SENT);
    }

    private static void claim(Group group, int number) throws InterruptedException {
        long index = group.way().claim(LONG, Deadline.NEVER);
        assertThat(index).isNotEqualTo(RingWriter.FULL);
        for (int i = 0; i < LONG; i++) {
            group.way().view().set(ValueLayout.JAVA_BYTE, index + i, (byte) number);
        }
    }

    private void assertAllGet(int number, int length) throws InterruptedException {
        for (Recipient recipient : recipients) {
            assertThat(recipient.next(length)).isEqualTo(number);
        }
    }

    /// The bytes of each memory file that this test has had mapped and no ring lies in, as the
    /// kernel knows it.
    private Map<String, Long> files() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("/memfd:ipc-channel"))
                    .map(line -> line.split("\\s+"))
                    .collect(Collectors.toMap(words -> words[4], GroupLongTest::length, Math::max))
                    .entrySet().stream().filter(file -> !others.contains(file.getKey())
                            && file.getValue() >= 64 * KIB && Long.bitCount(file.getValue()) == 1)
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        }
    }

    private static long length(String[] words) {
        String[] range = words[0].split("-", -1);
        return Long.parseLong(range[1], 16) - Long.parseLong(range[0], 16);
    }

    private static long sum(Map<String, Long> files) {
        return files.values().stream().mapToLong(Long::longValue).sum();
    }
}
