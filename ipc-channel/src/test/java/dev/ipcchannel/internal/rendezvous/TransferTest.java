package dev.ipcchannel.internal.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.IncomingMessage;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.receive.Inbox;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.send.Outbox;
import dev.ipcchannel.internal.send.Share;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The form of an end inside a message, word for word, as docs/wire-format.md has it, and the
/// checks that nothing of it is believed.
@Timeout(30)
class TransferTest {

    private static final long STRING = 0x67_6E69_7274_73L; // "string", little-endian
    private static final LaneSettings SETTINGS =
            new LaneSettings(4096, 20_000, 1 << 30, "string");
    private static final byte[] PAYLOAD = new byte[8];

    @Test
    void aSenderIsItsSettingsAndOneDescriptor() {
        Ends ends = Ends.open(SETTINGS);
        Share share = ends.share();

        Transfer transfer = new Transfer();
        ends.outbox().export(share, transfer);

        assertThat(transfer.words()).containsExactly(4096, 20_000, 1 << 30, 6, STRING);
        assertThat(transfer.descriptors()).hasSize(1);
        transfer.descriptors().forEach(Descriptor::close);
        close(ends, share);
    }

    @Test
    void aReceiverWithoutLanesIsSixWordsAndOneDescriptor() {
        Ends ends = Ends.open(SETTINGS);
        Share share = ends.share();
        Transfer transfer = new Transfer();

        ends.inbox().export(transfer);
        ends.inbox().notMoved();

        assertThat(transfer.words()).containsExactly(4096, 20_000, 1 << 30, 6, STRING, 0, 0, 0);
        assertThat(transfer.descriptors()).hasSize(1);
        close(ends, share);
    }

    @Test
    void aLaneAddsItsCapacityPositionWaitingPartsAndFilesAndTwoDescriptors() throws Exception {
        Ends ends = Ends.open(SETTINGS);
        Share share = ends.share();
        ends.outbox().send(share, OutgoingMessage.of(PAYLOAD, List.of()), Deadline.NEVER);
        ends.outbox().send(share, OutgoingMessage.of(PAYLOAD, List.of()), Deadline.NEVER);
        Transfer transfer = new Transfer();

        ends.inbox().enter();
        IncomingMessage found = ends.inbox().tryNext();
        assertThat(found).isNotNull();
        found.consume(); // a header and 8 bytes of payload: one line
        ends.inbox().exit();
        ends.inbox().export(transfer);
        ends.inbox().notMoved();

        assertThat(transfer.words()).containsExactly(4096, 20_000, 1 << 30, 6, STRING, 0, 0, 1,
                4096,
                64, 0, 0);
        assertThat(transfer.descriptors()).hasSize(3);
        close(ends, share);
    }

    @Test
    void aSpillFileAddsItsIdAndCapacityAndOneDescriptor() throws Exception {
        Ends ends = Ends.open(SETTINGS);
        Share share = ends.share();
        ends.outbox().send(share, OutgoingMessage.of(new byte[5000], List.of()), Deadline.NEVER);
        Transfer transfer = new Transfer();

        ends.inbox().enter();
        IncomingMessage found = ends.inbox().tryNext();
        assertThat(found).isNotNull();
        assertThat(found.takeDescriptors()).isEmpty();
        found.consume(); // 8 bytes of header and 24 of payload, in a line of 64
        ends.inbox().exit();
        ends.inbox().export(transfer);
        ends.inbox().notMoved();

        assertThat(transfer.words()).containsExactly(4096, 20_000, 1 << 30, 6, STRING, 0, 0, 1,
                4096, 64, 1, // the next file's number
                1, 1, 65536);
        assertThat(transfer.descriptors()).hasSize(4);
        close(ends, share);
    }

    @Test
    void aReceiverIsReadAsItWasWritten() {
        Sockets.Pair announcement = Sockets.pair();
        Sockets.Pair lane = Sockets.pair(); // which stand for its memory and a file's, too
        Transfer.Receiver receiver = new Transfer.Receiver(SETTINGS, announcement.first(), true,
                true, List.of(new Transfer.Lane(4096, 64, lane.first(), lane.second(), 63,
                        List.of(new Transfer.File(-5, 65536, announcement.second())))));
        Transfer transfer = new Transfer();

        transfer.write(receiver);

        assertThat(Transfer.of(transfer.words(), transfer.descriptors()).readReceiver())
                .isEqualTo(receiver);
        Descriptor.closeAll(transfer.descriptors());
    }

    static Stream<Arguments> brokenReceivers() {
        return Stream.of(
                Arguments.of("cut short", words(0, 0)),
                Arguments.of("cut short", words(0, 0, 1, 4096)),
                Arguments.of("counts more than it has", words(0, 0, Long.MAX_VALUE)),
                Arguments.of("counts more than it has", words(0, 0, -1)),
                Arguments.of("lacks a descriptor", words(0, 0, 1, 4096, 0)),
                Arguments.of("too long", words(0, 0, 0, 0)));
    }

    private static long[] words(long... afterTheSettings) {
        return LongStream.concat(LongStream.of(4096, 0, 1, 0), LongStream.of(afterTheSettings))
                .toArray();
    }

    @ParameterizedTest
    @MethodSource("brokenReceivers")
    void aReceiverOutOfShapeIsAViolation(String what, long[] words) {
        Sockets.Pair pair = Sockets.pair();

        assertThatThrownBy(() -> Transfer.of(words, List.of(pair.first())).readReceiver())
                .isInstanceOf(RingViolation.class).hasMessageContaining(what);

        pair.first().close();
        pair.second().close();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 64})
    void aNumberOfAFileOutOfBoundsIsAViolation(long number) {
        Sockets.Pair pair = Sockets.pair();
        List<Descriptor> three = List.of(pair.first(), pair.second(), pair.second());

        assertThatThrownBy(() -> Transfer.of(words(0, 0, 1, 4096, 0, number, 0), three)
                .readReceiver()).isInstanceOf(RingViolation.class)
                .hasMessageContaining("number=" + number);

        Descriptor.closeAll(three);
    }

    @Test
    void aMessageTypeThatIsTooLongIsAViolation() {
        assertThatThrownBy(() -> Transfer.of(new long[]{4096, 0, 1, 513}, List.of()).readSender())
                .isInstanceOf(RingViolation.class).hasMessageContaining("limit=512");
    }

    @Test
    void settingsOutOfBoundsAreRefusedAndTheDescriptorIsTheCallersToClose() {
        Sockets.Pair pair = Sockets.pair();
        Transfer transfer = Transfer.of(new long[]{1000, 0, 1, 0}, List.of(pair.first()));

        assertThatThrownBy(() -> Outbox.importFrom(transfer, null))
                .isInstanceOf(LaneException.class)
                .hasMessageContaining("capacity=1000");
        pair.first().close();
        pair.second().close();
    }

    @Test
    void receiverThatCannotBeTakenUpIsNoneOfItsPeers() {
        Sockets.Pair pair = Sockets.pair();
        Peer peer = new Peer(1);
        long[] oneWordTooMany = {4096, 0, 1, 0, 0, 0, 0, 0};

        assertThatThrownBy(() -> Inbox.importFrom(
                Transfer.of(oneWordTooMany, List.of(pair.first())), peer))
                .isInstanceOf(LaneException.class);

        assertThat(peer.receivers()).isEmpty();
        pair.first().close();
        pair.second().close();
    }

    private static void close(Ends ends, Share share) {
        ends.outbox().end(share, "closed");
        ends.inbox().close("closed");
    }
}
