package dev.ipcchannel.internal.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Outgoing.Offer;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.send.Group.Slow;
import dev.ipcchannel.internal.send.Group.Unreceived;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Messages that are sent while there is no receiver, where they are kept for the first one.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PendingMessagesTest {

    private static final int SHORT = 24;
    private static final int MEDIUM = 400; // ten fill the ring
    private static final int LONG = 100_000; // in a file
    private static final int BOUND = 256;
    private static final int LARGE = 1 << 20;
    private static final Duration MOMENT = Duration.ofMillis(20);

    @RegisterExtension
    final Children children = new Children();

    private final List<Recipient> recipients = new ArrayList<>();
    private Group group = group(Unreceived.KEEP, Slow.WAIT);

    private static Group group(Unreceived unreceived, Slow slow) {
        return Group.numbered(Recipient.SETTINGS, unreceived, slow, BOUND, "test",
                new AtomicLong());
    }

    @AfterEach
    void close() {
        group.end("closed");
        recipients.forEach(Recipient::closeAll);
    }

    @Test
    void firstReceiverGetsThemAndLaterOnesDoNot() throws Exception {
        send(1, SHORT);
        send(2, LONG);
        send(3, SHORT);
        Recipient first = join();
        Recipient second = join();
        send(4, SHORT);

        assertThat(Numbered.next(first, 4)).extracting(Numbered::given).containsExactly(1, 2, 3, 4);
        assertThat(Numbered.next(second))
                .isEqualTo(new Numbered(4, 4));
        assertThat(Numbered.poll(second)).isNull();
    }

    @Test
    void queueHasItsBound() throws Exception {
        fill(BOUND, SHORT);

        assertThat(group.way().send(OutgoingMessage.of(Numbered.message(0, SHORT), List.of()),
                Deadline.after(MOMENT))).isFalse();
        Recipient first = join();
        assertNextAre(first, BOUND);
        send(BOUND + 1, SHORT);

        assertThat(Numbered.next(first)).isEqualTo(new Numbered(BOUND + 1, BOUND + 1));
        assertThat(Numbered.poll(first)).isNull();
        assertThat(group.dropped()).isZero();
    }

    @Test
    void queueHasABoundOfBytes() throws Exception {
        fill(64, LARGE);

        assertThat(group.way().send(OutgoingMessage.of(Numbered.message(0, SHORT), List.of()),
                Deadline.after(MOMENT))).isFalse();
    }

    @Test
    void trySendWithoutReceiverIsNotKept() throws Exception {
        assertThat(group.way().trySend(OutgoingMessage.of(Numbered.message(1, SHORT), List.of())))
                .isEqualTo(Offer.NO_RECEIVER);
        send(2, SHORT);

        assertThat(Numbered.next(join())).isEqualTo(new Numbered(1, 2));
    }

    @Test
    void strictSenderKeepsNone() {
        group = group(Unreceived.FAIL, Slow.WAIT);

        assertThatThrownBy(() -> send(1, SHORT)).isInstanceOf(LaneException.class)
                .hasMessageContaining("there is no receiver");
    }

    /// Ring and queue together: newer messages wait until older ones are sent.
    @ParameterizedTest
    @EnumSource(Slow.class)
    void newerMessagesComeAfterThoseThatWaitForRoom(Slow rule) throws Exception {
        group = group(Unreceived.KEEP, rule);
        fill(BOUND / 2, MEDIUM);
        Recipient first = join();
        Waits<Void> sender = Waits.run(() -> {
            for (int i = BOUND / 2 + 1; i <= BOUND; i++) {
                send(i, i % 7 == 0 ? LONG : MEDIUM);
            }
        });
        if (rule != Slow.WAIT) {
            sender.value(); // else one that finds a full ring and no queue is dropped
        }

        assertNextAre(first, BOUND);
        sender.value();
        assertThat(group.dropped()).isZero();
    }

    @Test
    void sendThatWaitsForOlderOnesEndsByItsTimeAndByClose() throws Exception {
        fill(BOUND, MEDIUM);
        Recipient first = join();
        assertThat(group.way().trySend(OutgoingMessage.of(Numbered.message(0, SHORT), List.of())))
                .isEqualTo(Offer.FULL);
        assertThat(group.way().send(OutgoingMessage.of(Numbered.message(0, SHORT), List.of()),
                Deadline.after(MOMENT))).isFalse();
        assertThat(group.obstacle()).contains("has no room", "have it receive");
        Waits<Void> sender = Waits.run(() -> {
            send(0, SHORT);
        }).asleep();

        assertThat(group.retire("closed")).isTrue();

        sender.failure().isInstanceOf(LaneException.class).hasMessage("closed");
        assertNextAre(first, BOUND);
        assertThat(group.awaitOut(Deadline.after(Children.PATIENCE))).isTrue();
    }

    @Test
    void senderThatIsClosedStaysForTheFirstReceiver() throws Exception {
        fill(3, LONG);
        assertThat(group.retire("closed")).isTrue();
        Waits<Boolean> linger =
                Waits.in(() -> group.awaitOut(Deadline.after(Children.PATIENCE))).asleep();

        Recipient first = join();

        assertThat(linger.value()).isTrue();
        group.end("closed");
        assertNextAre(first, 3);
    }

    @Test
    void whatNoReceiverGotIsCounted() throws Exception {
        fill(3, SHORT);
        assertThat(group.retire("closed")).isTrue();
        assertThat(group.awaitOut(Deadline.after(MOMENT))).isFalse();

        group.end("closed");

        assertThat(group.dropped()).isEqualTo(3);
        assertThat(group.awaitOut(Deadline.NOW)).isTrue();
        assertThat(group.join(spare().share())).isFalse();
    }

    @Test
    void senderWithNothingToSendNeedNotStay() throws Exception {
        Recipient first = join();
        send(1, SHORT);

        assertThat(group.retire("closed")).isFalse();
        assertThat(Numbered.next(first)).isEqualTo(new Numbered(1, 1));
    }

    /// The message counts as missed, as a dropped one does.
    @Test
    void messageThatIsTooLongForTheFirstReceiverIsDropped() throws Exception {
        send(1, SHORT);
        send(2, LONG);
        send(3, SHORT);
        Recipient narrow = spare(Recipient.open(new LaneSettings(4096, 0, 100, "")));
        assertThat(group.join(narrow.share())).isTrue();

        assertThat(Numbered.next(narrow, 2)).containsExactly(new Numbered(1, 1),
                new Numbered(3, 3));
        assertThat(group.dropped(narrow.share())).isEqualTo(1);
    }

    private void fill(int count, int length) throws InterruptedException {
        for (int i = 1; i <= count; i++) {
            send(i, length);
        }
    }

    private static void assertNextAre(Recipient one, int count) throws InterruptedException {
        for (int i = 1; i <= count; i++) {
            assertThat(Numbered.next(one)).isEqualTo(new Numbered(i, i));
        }
    }

    private void send(int given, int length) throws InterruptedException {
        assertThat(group.way().send(OutgoingMessage.of(Numbered.message(given, length), List.of()),
                Deadline.after(Children.PATIENCE))).isTrue();
    }

    private Recipient join() {
        Recipient recipient = spare();
        assertThat(group.join(recipient.share())).isTrue();
        return recipient;
    }

    private Recipient spare() {
        return spare(Recipient.open());
    }

    private Recipient spare(Recipient recipient) {
        recipients.add(recipient);
        return recipient;
    }
}
