package dev.ipcchannel.internal.send;

import static dev.ipcchannel.internal.send.Recipient.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Outgoing;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.send.Group.Unreceived;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.HostileLane;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A receiver that breaks the format: it is removed, with a warning, and the others are not hurt.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupHostileTest {

    private static final int SHORT = 8;

    @RegisterExtension
    final Children children = new Children();

    private final Group group = new Group(Recipient.SETTINGS, Unreceived.WAIT);
    private final Sockets.Pair pair = Sockets.pair();
    private final Recipient other = Recipient.open(group);

    @AfterEach
    void close() {
        group.end("closed");
        other.closeAll();
        pair.second().close();
    }

    @Test
    void receiverThatBreaksTheFormatIsLetGo() throws Exception {
        Share breaking = Outbox.shared(pair.first(), Recipient.SETTINGS, null).share();
        assertThat(group.join(breaking)).isTrue();
        assertThat(group.join(other.share())).isTrue();
        CompletableFuture<String> dropped = new CompletableFuture<>();
        group.onDrop((lane, reason) -> dropped.complete(
                "%s %s".formatted(lane == breaking, reason.kind())));
        assertOtherGets(0);
        HostileLane hostile = adopt();
        try (CaughtLog log = CaughtLog.listen()) {
            hostile.store(Recipient.SETTINGS.capacity() + HostileLane.READER_POSITION,
                    Long.MAX_VALUE);
            for (int i = 1; group.receivers() == 2; i++) { // it is looked at once the ring is full
                assertOtherGets(i % 100);
            }

            await().atMost(Children.PATIENCE).untilAsserted(() -> assertThat(log.lines())
                    .singleElement().asString().contains("a receiver gets no more",
                            "broke the format"));
        } finally {
            hostile.close();
        }
        assertThat(dropped.get(1, TimeUnit.MINUTES)).isEqualTo("true VIOLATION");
        assertOtherGets(7);
    }

    /// A receiver can write to the memory of its own lane at any time.
    @Test
    void receiverCannotAlterWhatIsWrittenInPlaceForOthers() throws Exception {
        assertThat(group.join(
                Outbox.shared(pair.first(), Recipient.SETTINGS, null).share())).isTrue();
        assertThat(group.join(other.share())).isTrue();
        assertOtherGets(0);
        HostileLane hostile = adopt();
        try {
            long index = group.way().claim(SHORT, Deadline.NEVER);
            group.way().view().asSlice(index, SHORT).fill((byte) 7);
            for (int offset = 0; offset < Recipient.SETTINGS.capacity(); offset += Long.BYTES) {
                hostile.store(offset, -1);
            }

            group.way().commit();

            assertThat(other.next(SHORT)).isEqualTo(7);
        } finally {
            hostile.close();
        }
    }

    private HostileLane adopt() {
        try (Packet packet = new Packet()) {
            assertThat(packet.receive(pair.second())).isEqualTo(Packet.Receiving.PACKET);
            return HostileLane.adopt(Recipient.SETTINGS.capacity(), packet.takeDescriptors());
        }
    }

    private void assertOtherGets(int number) throws InterruptedException {
        assertThat(group.way().trySend(OutgoingMessage.of(message(number, SHORT), List.of())))
                .isEqualTo(Outgoing.Offer.SENT);
        assertThat(other.next(SHORT)).isEqualTo(number);
    }
}
