package dev.ipcchannel.internal.end;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.base.GoAway;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Event;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.wire.LanePacket;
import dev.ipcchannel.testing.Children;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The connection of a handshake once the client has greeted: what may be sent there, and what ends
/// it. The tests look at the client's side.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PacketLifelineTest {

    private static final byte[] ACCEPTED = {LanePacket.ACCEPTED};
    private static final GoAway FAILED = GoAway.failed(new OutOfMemoryError("made up"));

    private static final Refusal REFUSAL = new Refusal(true, "other types");

    private static final int MAX_LENGTH = 512; // as docs/wire-format.md has it

    private final Sockets.Pair connection = Sockets.pair();
    private final PacketLifeline lifeline = PacketLifeline.ofClient(connection.second());

    @AfterEach
    void close() {
        lifeline.drop();
        Sockets.end(connection.first());
    }

    @Test
    void processThatSaysThatItExitsHasNotEndedYet() throws Exception {
        say(GoAway.EXITING.toBytes());

        assertThat(await(lifeline.goAway())).isEqualTo(GoAway.EXITING);
        assertThat(lifeline.end()).isNotDone();
    }

    @Test
    void processThatHasFailedSaysWhy() throws Exception {
        say(FAILED.toBytes());

        assertThat(await(lifeline.goAway()).text())
                .isEqualTo("java.lang.OutOfMemoryError: made up");
        assertThat(lifeline.end()).isNotDone();
    }

    @Test
    void whatIsSaidBeforeTheEndComesBeforeIt() throws Exception {
        say(FAILED.toBytes());
        Sockets.end(connection.first());

        await(lifeline.end());

        assertThat(lifeline.goAway()).isCompletedWithValue(FAILED);
    }

    @Test
    void eachReasonMayBeReportedOnce() throws Exception {
        say(FAILED.toBytes());
        say(GoAway.EXITING.toBytes());
        await(lifeline.goAway());
        assertThat(lifeline.end()).isNotDone();

        say(FAILED.toBytes());

        await(lifeline.end());
        assertThat(lifeline.goAway()).isCompletedWithValue(FAILED);
    }

    @Test
    void anythingElseEndsIt() throws Exception {
        say(new byte[]{12});

        await(lifeline.end());
        assertThat(lifeline.goAway()).isNotDone();
    }

    @Test
    void noticeThatIsTooLongEndsIt() throws Exception {
        byte[] bytes = new byte[MAX_LENGTH + 1];
        bytes[0] = FAILED.toBytes()[0];
        say(bytes);

        await(lifeline.end());
        assertThat(lifeline.goAway()).isNotDone();
    }

    @Test
    void noticeWithADescriptorEndsItAndIsNotTaken() throws Exception {
        try (Packet packet = new Packet()) {
            Descriptor extra = new Event().descriptor();
            assertThat(packet.putBytes(0, FAILED.toBytes()).send(connection.first(),
                    List.of(extra))).isEqualTo(Packet.Sending.SENT);
            extra.close();
        }

        await(lifeline.end());
        assertThat(lifeline.goAway()).isNotDone();
    }

    @Test
    void clientIsAcceptedOnceThatIsSaid() throws Exception {
        assertThat(lifeline.isTurnedAway()).isFalse();
        assertThat(lifeline.isAccepted()).isFalse();

        say(ACCEPTED);
        say(GoAway.EXITING.toBytes());
        Sockets.end(connection.first());

        assertThat(lifeline.isTurnedAway()).isFalse();
        assertThat(lifeline.isAccepted()).isTrue();
        await(lifeline.end());
        assertThat(lifeline.goAway()).as("what was read meanwhile")
                .isCompletedWithValue(GoAway.EXITING);
        assertThat(lifeline.isTurnedAway()).isFalse();
    }

    @Test
    void clientThatIsAcceptedTwiceIsNotThere() throws Exception {
        say(ACCEPTED);
        say(ACCEPTED);

        await(lifeline.end());
        assertThat(lifeline.isAccepted()).isTrue();
    }

    @Test
    void clientThatIsRefusedGetsTheReasonAndNotTheEndOfTheServer() throws Exception {
        boolean _ = LanePacket.refuse(connection.first(), false, new Refusal(true, "other\ntypes"));
        Sockets.end(connection.first());

        assertThat(lifeline.isTurnedAway()).isTrue();
        assertThat(lifeline.refusal()).isEqualTo(new Refusal(true, "other\\u000atypes"));
        assertThat(lifeline.isAccepted()).isFalse();
        assertThat(lifeline.end()).as("of the process at the other side").isNotDone();
    }

    @Test
    void refusedChildLearnsOfItsParentsEnd() throws Exception {
        PacketLifeline parents =
                requireNonNull(PacketLifeline.ofRefused(connection.first(), REFUSAL));

        assertThat(lifeline.isTurnedAway()).isTrue();
        assertThat(lifeline.refusal()).isEqualTo(REFUSAL);
        assertThat(lifeline.isAccepted()).isFalse();
        assertThat(lifeline.end()).isNotDone();
        parents.sendOnce(GoAway.EXITING);
        assertThat(await(lifeline.goAway())).isEqualTo(GoAway.EXITING);
        assertThat(lifeline.end()).isNotDone();

        parents.drop();

        await(lifeline.end());
    }

    @Test
    void refusedChildIsRefusedOnce() throws Exception {
        requireNonNull(PacketLifeline.ofRefused(connection.first(), REFUSAL));
        boolean _ = LanePacket.refuse(connection.first(), false, new Refusal(false, "another one"));

        await(lifeline.end());
        assertThat(lifeline.refusal()).isEqualTo(REFUSAL);
    }

    @Test
    void childThatIsGoneCannotBeKept() {
        lifeline.drop();
        long before = Children.descriptors();

        assertThat(PacketLifeline.ofRefused(connection.first(), REFUSAL)).isNull();
        assertThat(Children.descriptors()).as("the connection is closed").isLessThan(before);
    }

    @Test
    void clientThatIsAcceptedCannotBeRefused() throws Exception {
        say(ACCEPTED);
        boolean _ = LanePacket.refuse(connection.first(), false, new Refusal(false, "after all"));

        await(lifeline.end());
        assertThat(lifeline.isAccepted()).isTrue();
        assertThat(lifeline.refusal()).isNull();
    }

    @Test
    void refusalIsAsTheWireFormatHasIt() {
        Sockets.Pair wire = Sockets.pair();
        boolean _ = LanePacket.refuse(wire.first(), false, new Refusal(true, "\u00fc".repeat(501)));

        try (Packet packet = new Packet()) {
            assertThat(packet.receive(wire.second())).isEqualTo(Packet.Receiving.PACKET);
            assertThat(packet.length()).isEqualTo(2 + 1000);
            assertThat(packet.getByte(0)).isEqualTo(8);
            assertThat(packet.getByte(1)).isEqualTo(1);
            assertThat(new String(packet.getBytes(2), StandardCharsets.UTF_8))
                    .isEqualTo("\u00fc".repeat(500));
        } finally {
            Sockets.end(wire.first());
            Sockets.end(wire.second());
        }
    }

    @Test
    void clientWhoseConnectionEndsWithoutAWordIsTurnedAway() throws Exception {
        Sockets.end(connection.first());

        assertThat(lifeline.isTurnedAway()).isTrue();
        await(lifeline.end());
        assertThat(lifeline.isTurnedAway()).isTrue();
        assertThat(lifeline.isAccepted()).isFalse();
    }

    @Test
    void clientThatSaysThatItIsAcceptedIsReadNoMore() throws Exception {
        Sockets.Pair client = Sockets.pair();
        PacketLifeline servers = PacketLifeline.ofServer(client.second());

        assertThat(Sockets.ring(client.first(), LanePacket.ACCEPTED)).isTrue();

        await(servers.end());
        assertThat(PollSet.isHungUp(client.first())).isTrue();
        Sockets.end(client.first());
    }

    @Test
    void connectionThatIsDroppedIsClosedAndSaysNothing() {
        lifeline.drop();
        lifeline.drop();

        assertThat(PollSet.isHungUp(connection.first())).isTrue();
        lifeline.sendAccepted();
        lifeline.sendOnce(GoAway.EXITING);
        assertThat(lifeline.isTurnedAway()).isTrue();
        assertThat(lifeline.end()).isNotDone();
    }

    @Test
    void textOfAnotherProcessIsCutAndEscaped() {
        byte[] bytes = "xone\ntwo".getBytes(StandardCharsets.UTF_8);
        bytes[0] = FAILED.toBytes()[0];
        GoAway heard = GoAway.read(bytes);
        assertThat(heard).isNotNull();
        assertThat(heard.text()).isEqualTo("one\\u000atwo");

        GoAway tooLong = GoAway.failed(new InternalError("x".repeat(10_000)));
        assertThat(tooLong.toBytes()).hasSize(MAX_LENGTH);
        assertThat(GoAway.read(tooLong.toBytes())).isNotNull();
    }

    @Test
    void whatThisSideSaysArrivesAsItIs() {
        lifeline.sendOnce(FAILED);

        try (Packet packet = new Packet()) {
            assertThat(packet.receive(connection.first())).isEqualTo(Packet.Receiving.PACKET);
            assertThat(GoAway.read(packet.getBytes(0))).isEqualTo(FAILED);
        }
    }

    private void say(byte[] bytes) {
        try (Packet packet = new Packet()) {
            assertThat(packet.putBytes(0, bytes).send(connection.first(), List.of()))
                    .isEqualTo(Packet.Sending.SENT);
        }
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
