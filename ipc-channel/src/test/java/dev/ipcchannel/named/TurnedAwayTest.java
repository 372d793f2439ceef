package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Members that wait for others of their name, some of which were turned away: the failure says so
/// with the reason, not only that no member came.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TurnedAwayTest {

    private static final String PEER = "pid=" + ProcessHandle.current().pid() + " (";
    private static final Duration SOON = Duration.ofMillis(1);

    @RegisterExtension
    final OwnNames names = new OwnNames();

    record Order(String item, int count) {}

    record LongOrder(String item, long count) {}

    private static void untilMessage(ThrowingCallable wait,
            String... words) {
        await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThatThrownBy(wait).isInstanceOf(TimedOut.class)
                        .hasMessageContainingAll(words));
    }

    @Test
    void senderGetsTheReceiversOfAnotherType() throws Exception {
        try (NamedSender<Order> sender = NamedSender.open("orders", Order.class)) {
            assertThatThrownBy(() -> sender.waitForReceivers(1, SOON))
                    .isInstanceOf(TimedOut.class).hasMessageNotContaining("turned away");
            for (int i = 1; i <= 2; i++) {
                assertThatThrownBy(() -> NamedReceiver.open("orders", LongOrder.class))
                        .isInstanceOf(TypeMismatch.class);
                untilMessage(() -> sender.waitForReceivers(1, SOON),
                        ": turned away=" + i + " (the last: receiver " + PEER,
                        "), which means messages of another type: field count: int here, long"
                                + " there): looked in ");
            }
        }
    }

    @Test
    void receiverGetsTheSendersOfAnotherType() throws Exception {
        try (NamedReceiver<Order> receiver = NamedReceiver.open("orders", Order.class)) {
            assertThatThrownBy(() -> NamedSender.open("orders", LongOrder.class))
                    .isInstanceOf(TypeMismatch.class);

            untilMessage(() -> receiver.receive(SOON),
                    ": turned away=1 (the last: sender " + PEER,
                    "field count: int here, long there");
        }
    }

    @Test
    void callerGetsTheServersOfAnotherType() throws Exception {
        try (var caller = NamedCaller.open("orders", Order.class, String.class)) {
            assertThatThrownBy(() -> NamedService.serve("orders", LongOrder.class, String.class,
                    (order, _) -> order.item())).isInstanceOf(TypeMismatch.class);

            untilMessage(() -> caller.call(new Order("tea", 1), Duration.ofMillis(20)),
                    ": turned away=1 (the last: server " + PEER, "int here, long there");
        }
    }

    @Test
    void broadcastGetsAnotherTypeOfMessagesAndOfChannel() throws Exception {
        try (var sender = IpcChannel.open(ChannelType.ROUTE, "orders", ConnMode.SENDER,
                Order.class)) {
            assertThatThrownBy(() -> IpcChannel.open(ChannelType.ROUTE, "orders",
                    ConnMode.RECEIVER, LongOrder.class)).isInstanceOf(TypeMismatch.class);
            untilMessage(() -> sender.send(new Order("tea", 1), 1),
                    "turned away=1 (the last: receiver " + PEER, "int here, long there");
            assertThatThrownBy(() -> IpcChannel.open(ChannelType.CHANNEL, "orders",
                    ConnMode.RECEIVER, Order.class)).isInstanceOf(HandshakeFailed.class);
            untilMessage(() -> sender.send(new Order("tea", 1), 1),
                    "turned away=2 (the last: receiver "
                            + PEER,
                    "), which has opened this name as a CHANNEL): ");
        }
        try (var receiver = IpcChannel.open(ChannelType.ROUTE, "orders", ConnMode.RECEIVER,
                Order.class)) {
            assertThatThrownBy(() -> IpcChannel.open(ChannelType.ROUTE, "orders",
                    ConnMode.SENDER, LongOrder.class)).isInstanceOf(TypeMismatch.class);
            untilMessage(() -> receiver.receive(1), "turned away=1 (the last: sender " + PEER);
        }
    }

    /// It has connected with none, and no member waits for one of its role.
    @Test
    void membersOfTheSameRoleHearNothing() throws Exception {
        try (NamedSender<Order> sender = NamedSender.open("orders", Order.class)) {
            assertThatThrownBy(() -> NamedSender.open("orders", LongOrder.class))
                    .isInstanceOf(TypeMismatch.class);
            assertThatThrownBy(() -> NamedReceiver.open("orders", LongOrder.class))
                    .isInstanceOf(TypeMismatch.class);

            untilMessage(() -> sender.waitForReceivers(1, SOON),
                    "turned away=1 (the last: receiver ");
        }
    }
}
