package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.children.NamedReceivingChild;
import dev.ipcchannel.testing.children.NamedSendingChild;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Processes that connect by a name, and the effects on messages and on the others when one of them
/// is killed, stopped or slow.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamedChannelIT {

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final int LONG = 3_000_000;
    private static final String ENDLESS = Long.toString(Long.MAX_VALUE);

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = new OwnNames();

    private ChildJvm start(Class<?> main, String... arguments) throws Exception {
        return children.command().environment("IPC_CHANNEL_DIR", names.directory().toString())
                .piped()
                .start(main, arguments);
    }

    private static void assertSays(ChildJvm child, String line) throws Exception {
        assertThat(child.captured().readLine(Children.PATIENCE)).isEqualTo(line);
    }

    @Test
    void receiverThatIsThereFirstGetsAllThatIsSent() throws Exception {
        try (NamedReceiver<Long> receiver = NamedReceiver.open("numbers", Long.class)) {
            ChildJvm child = start(NamedSendingChild.class, "numbers", "1", "5000");

            for (long number = 0; number < 5000; number++) {
                assertThat(receiver.receive(Children.PATIENCE)).isEqualTo(number);
            }

            child.cue();
            child.awaitExit(0);
            assertThat(receiver.tryReceive()).as("a sender that has gone ends nothing").isNull();
        }
    }

    @Test
    void senderThatIsThereFirstWaitsForAReceiverThatIsReady() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("texts", String.class)) {
            assertThat(sender.trySend("lost")).isEqualTo(SendOutcome.NO_RECEIVER);
            ChildJvm child = start(NamedReceivingChild.class, "texts");

            sender.waitUntilReady(Children.PATIENCE);
            sender.send("hello");
            sender.send("end");

            assertSays(child, "ready");
            assertSays(child, "received 5");
            child.awaitExit(0);
        }
    }

    @Test
    void messagesGrowFromOneKilobyteToTenMegabytes() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("texts", String.class)) {
            ChildJvm child = start(NamedReceivingChild.class, "texts");
            sender.waitUntilReady(Children.PATIENCE);
            assertSays(child, "ready");
            for (int length = 1024; length <= 10 * 1024 * 1024; length *= 10) {
                sender.send("x".repeat(length));

                assertSays(child, "received " + length);
            }
            child.kill();
        }
    }

    @Test
    void killedSenderLeavesEachReceiverAPrefixOfWholeMessagesThatDifferByOneAtMost()
            throws Exception {
        try (NamedReceiver<Long> first = NamedReceiver.open("numbers", Long.class);
                NamedReceiver<Long> second = NamedReceiver.open("numbers", Long.class)) {
            ChildJvm child = start(NamedSendingChild.class, "numbers", "2", ENDLESS);
            List<Long> firsts = take(first, 500);
            List<Long> seconds = take(second, 500);

            child.kill();

            takeRest(first, firsts);
            takeRest(second, seconds);
            assertThat(firsts).isEqualTo(LongStream.range(0, firsts.size()).boxed().toList());
            assertThat(seconds).isEqualTo(LongStream.range(0, seconds.size()).boxed().toList());
            assertThat(Math.abs(firsts.size() - seconds.size())).isLessThanOrEqualTo(1);
        }
    }

    private static List<Long> take(NamedReceiver<Long> receiver, int count) throws Exception {
        List<Long> taken = new ArrayList<>();
        while (taken.size() < count) {
            taken.add(receiver.receive(Children.PATIENCE));
        }
        return taken;
    }

    /// The sender's process has ended: what it has committed is there.
    private static void takeRest(NamedReceiver<Long> receiver, List<Long> taken) {
        Long next = receiver.tryReceive();
        while (next != null) {
            taken.add(next);
            next = receiver.tryReceive();
        }
    }

    @Test
    void killedReceiverIsOneFewerAndTheOthersGoOn() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("texts", String.class)) {
            ChildJvm doomed = start(NamedReceivingChild.class, "texts");
            ChildJvm other = start(NamedReceivingChild.class, "texts");
            sender.waitUntilReady(2, Children.PATIENCE);
            assertSays(other, "ready");

            doomed.kill();

            for (int sent = 1; sent <= 100; sent++) {
                sender.send("x".repeat(sent));
                assertSays(other, "received " + sent);
            }
            sender.send("end");
            other.awaitExit(0);
        }
    }

    @Test
    void receiverKilledWhileItReadsALongMessageIsOneFewer() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("texts", String.class)) {
            ChildJvm doomed = start(NamedReceivingChild.class, "texts");
            ChildJvm other = start(NamedReceivingChild.class, "texts");
            sender.waitUntilReady(2, Children.PATIENCE);
            assertSays(other, "ready");
            for (int sent = 0; sent < 40; sent++) {
                sender.send("x".repeat(LONG + sent));
                if (sent == 10) {
                    doomed.kill();
                }
                assertSays(other, "received " + (LONG + sent));
            }
            sender.send("end");
            other.awaitExit(0);
        }
    }

    @Test
    void stoppedReceiverHoldsTheOthersUpOnceItHas64MibOfLongMessagesUnread() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("texts", String.class)) {
            ChildJvm stopped = start(NamedReceivingChild.class, "texts");
            ChildJvm other = start(NamedReceivingChild.class, "texts");
            sender.waitUntilReady(2, Children.PATIENCE);
            assertSays(stopped, "ready");
            assertSays(other, "ready");
            stopped.signal("STOP");
            String text = "x".repeat(LONG); // in 4 MiB
            for (int i = 0; i < 16; i++) {
                sender.send(text, Children.PATIENCE);
                assertSays(other, "received " + LONG);
            }

            assertThatThrownBy(() -> sender.send(text, SHORT)).isInstanceOf(TimedOut.class)
                    .hasMessageContaining("pid=" + stopped.pid());

            stopped.signal("CONT");
            sender.send("end");
            for (int i = 0; i < 16; i++) {
                assertSays(stopped, "received " + LONG);
            }
            assertSays(stopped, "received 3");
            assertSays(other, "received 3");
            stopped.awaitExit(0);
            other.awaitExit(0);
        }
    }

    @Test
    void stoppedReceiverHoldsTheOthersUpAndIsNamedAndGetsAllOnceItGoesOn() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("texts", String.class)) {
            ChildJvm stopped = start(NamedReceivingChild.class, "texts");
            ChildJvm other = start(NamedReceivingChild.class, "texts");
            sender.waitUntilReady(2, Children.PATIENCE);
            assertSays(stopped, "ready");
            assertSays(other, "ready");
            stopped.signal("STOP");

            String text = "x".repeat(1000);
            int sent = fill(sender, text);

            assertThatThrownBy(() -> sender.send(text, SHORT)).isInstanceOf(TimedOut.class)
                    .hasMessageContaining("pid=" + stopped.pid());
            for (int i = 0; i < sent; i++) {
                assertSays(other, "received 1000");
            }
            stopped.signal("CONT");
            sender.send("end");
            for (int i = 0; i < sent; i++) {
                assertSays(stopped, "received 1000");
            }
            assertSays(stopped, "received 3");
            assertSays(other, "received 3");
            stopped.awaitExit(0);
            other.awaitExit(0);
        }
    }

    @Test
    void slowReceiverSlowsTheSenderDownAndNeitherItNorAQuickOneLosesAMessage() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("texts", String.class)) {
            ChildJvm slow = start(NamedReceivingChild.class, "texts", "5");
            ChildJvm quick = start(NamedReceivingChild.class, "texts");
            sender.waitUntilReady(2, Children.PATIENCE);
            assertSays(slow, "ready");
            assertSays(quick, "ready");

            int count = 300; // several times what a ring has room for
            for (int i = 0; i < count; i++) {
                sender.send("x".repeat(1000));
            }
            sender.send("end");

            for (ChildJvm receiver : List.of(quick, slow)) {
                for (int i = 0; i < count; i++) {
                    assertSays(receiver, "received 1000");
                }
                assertSays(receiver, "received 3");
                receiver.awaitExit(0);
            }
        }
    }

    /// @return how many have gone
    private static int fill(NamedSender<String> sender, String text) throws Exception {
        int sent = 0;
        try {
            while (true) {
                sender.send(text, SHORT);
                sent++;
            }
        } catch (TimedOut _) {
            return sent;
        }
    }

    @Test
    void stoppedReceiverIsNotReadyAndIsAgainOnceItGoesOn() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("texts", String.class)) {
            ChildJvm child = start(NamedReceivingChild.class, "texts");
            sender.waitUntilReady(Children.PATIENCE);

            child.signal("STOP");

            awaitNotReady(sender);
            assertThat(sender.receiverCount()).isEqualTo(1);
            child.signal("CONT");
            sender.waitUntilReady(Children.PATIENCE);
            child.kill();
        }
    }

    private static void awaitNotReady(NamedSender<String> sender) throws Exception {
        boolean isReady = true;
        while (isReady) {
            try {
                sender.waitUntilReady(Duration.ZERO);
            } catch (TimedOut _) {
                isReady = false;
            }
        }
    }
}
