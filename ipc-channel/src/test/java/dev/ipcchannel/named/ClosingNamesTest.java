package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Ends that are closed while others connect with them: nothing is logged, since that is no
/// mistake.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClosingNamesTest {

    private static final int TIMES = 150;

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = new OwnNames();

    @Test
    void callersAndServersThatCloseWhileTheyConnectAreNotLogged() throws Exception {
        assertIsQuiet(
                () -> NamedService.serve("storm", String.class, String.class, (word, _) -> word),
                () -> NamedCaller.open("storm", String.class, String.class));
    }

    @Test
    void sendersAndReceiversThatCloseWhileTheyConnectAreNotLogged() throws Exception {
        assertIsQuiet(() -> NamedSender.open("storm", String.class),
                () -> NamedReceiver.open("storm", String.class));
    }

    @Test
    void signalsThatCloseWhileTheyConnectAreNotLogged() throws Exception {
        assertIsQuiet(() -> NamedSignal.open("storm"), () -> NamedSignal.open("storm"));
    }

    @Test
    void receiverThatIsClosedSaysHowManyMessagesItHasNotReceived() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                NamedSender<String> sender = NamedSender.open("orders", String.class);
                NamedSender<String> other = NamedSender.open("orders", String.class)) {
            try (NamedReceiver<String> all = NamedReceiver.open("orders", String.class)) {
                try (NamedReceiver<String> some = NamedReceiver.open("orders", String.class)) {
                    sender.send("tea");
                    sender.send("a long one ".repeat(10_000));
                    other.send("jam");
                    String _ = some.receive();
                }
                for (int i = 0; i < 3; i++) {
                    String _ = all.receive();
                }
            }
            assertThat(log.lines()).singleElement()
                    .isEqualTo("a receiver by name was closed before it had received all that was"
                            + " sent to it: name=orders, messages=2: leave() lets it receive them"
                            + " first");
        }
    }

    @Test
    void broadcastChannelThatIsClosedSaysHowItsMessagesCouldHaveBeenReceived() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                var sender = IpcChannel.open(ChannelType.ROUTE, "orders", ConnMode.SENDER)) {
            try (var receiver = IpcChannel.open(ChannelType.ROUTE, "orders", ConnMode.RECEIVER)) {
                sender.send(new byte[1]);
                sender.send(new byte[2]);
                assertThat(receiver.receive()).hasSize(1);
            }
            assertThat(log.lines()).singleElement()
                    .isEqualTo("a broadcast channel was closed or disconnected before it had"
                            + " received all that was sent to it: name=orders, messages=1: receive"
                            + " until tryReceive() gives null before that");
        }
    }

    private static void assertIsQuiet(Callable<AutoCloseable> one, Callable<AutoCloseable> other)
            throws Exception {
        try (CaughtLog log = CaughtLog.listen()) {
            List<Waits<Boolean>> storm = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                storm.add(Waits.in(() -> openAndClose(one)));
                storm.add(Waits.in(() -> openAndClose(other)));
            }
            for (Waits<Boolean> thread : storm) {
                assertThat(thread.value()).isTrue();
            }
            assertThat(log.lines()).isEmpty();
        }
    }

    private static boolean openAndClose(Callable<AutoCloseable> end) throws Exception {
        for (int i = 0; i < TIMES; i++) {
            end.call().close();
        }
        return true;
    }
}
