package dev.ipcchannel.internal.meet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.meet.GarbageChild.Deed;
import dev.ipcchannel.named.NamedReceiver;
import dev.ipcchannel.named.NamedSender;
import dev.ipcchannel.named.NamedSignal;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.select.Router;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Waits;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A process that meets a member by name and breaks the format of what it gets: it loses its own
/// connection, and no other process loses anything.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GarbageIT {

    private static final String CUT_OFF = "is cut off, since it broke the format";

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = new OwnNames();

    private ChildJvm start(NameKind kind, Deed deed) throws IOException {
        ChildJvm child =
                children.command().environment("IPC_CHANNEL_DIR", names.directory().toString())
                        .start(GarbageChild.class, kind.name(), "words", "", deed.name());
        await().atMost(Children.PATIENCE)
                .until(() -> child.output().contains(GarbageChild.DONE));
        return child;
    }

    private static void end(ChildJvm child) throws InterruptedException {
        child.cue();
        child.awaitExit(0);
    }

    private static List<String> cutOff(CaughtLog log) {
        return log.lines().stream().filter(line -> line.contains(CUT_OFF)).toList();
    }

    private static void isLoggedOnce(CaughtLog log, ChildJvm child) {
        await().atMost(Children.PATIENCE).until(() -> !cutOff(log).isEmpty());
        assertThat(cutOff(log)).singleElement().asString()
                .contains("name=words", "pid=" + child.pid(), "announcement is refused");
    }

    @ParameterizedTest
    @EnumSource(names = {"GARBAGE", "NO_RING"})
    void garbageOfOneProcessCostsNoSenderOfAReceiver(Deed deed) throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                NamedReceiver<String> receiver = NamedReceiver.open("words", String.class);
                NamedSender<String> before = NamedSender.open("words", String.class)) {
            before.send("first");
            assertThat(receiver.receive()).isEqualTo("first");
            Waits<String> waiting = Waits.in(receiver::receive).asleep();

            ChildJvm child = start(NameKind.CHANNEL, deed);

            isLoggedOnce(log, child);
            before.send("second");
            assertThat(waiting.value()).isEqualTo("second");
            try (NamedSender<String> later = NamedSender.open("words", String.class)) {
                later.send("third");
                assertThat(receiver.receive(Children.PATIENCE)).isEqualTo("third");
                before.send("fourth");
                assertThat(receiver.receive(Children.PATIENCE)).isEqualTo("fourth");
                await().atMost(Children.PATIENCE).until(() -> receiver.senderCount() == 2);
            }
            end(child);
        }
    }

    /// No thread receives at that moment.
    @Test
    void garbageThatLiesThereIsFoundByTheNextReceive() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                NamedReceiver<String> receiver = NamedReceiver.open("words", String.class);
                NamedSender<String> before = NamedSender.open("words", String.class)) {
            ChildJvm child = start(NameKind.CHANNEL, Deed.GARBAGE);
            before.send("first");

            assertThat(receiver.receive(Children.PATIENCE)).isEqualTo("first");
            assertThat(receiver.tryReceive()).isNull();

            isLoggedOnce(log, child);
            await().atMost(Children.PATIENCE).until(() -> receiver.senderCount() == 1);
            end(child);
        }
    }

    @Test
    void garbageOfOneProcessCostsNoSenderOfAReceiverInASet() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                ReceiverSet<String> set = ReceiverSet.open();
                NamedReceiver<String> receiver = NamedReceiver.open("words", String.class)) {
            set.add(receiver.receiver());
            Waits<List<ReceiverEvent<String>>> waiting = Waits.in(() -> set.select()).asleep();

            ChildJvm child = start(NameKind.CHANNEL, Deed.GARBAGE);

            isLoggedOnce(log, child);
            try (NamedSender<String> later = NamedSender.open("words", String.class)) {
                later.send("first");
                assertThat(waiting.value()).singleElement().isInstanceOfSatisfying(
                        ReceiverEvent.Message.class,
                        event -> assertThat(event.message()).isEqualTo("first"));
            }
            end(child);
        }
    }

    @Test
    void garbageOfOneProcessCostsNoSenderOfAReceiverInARouter() throws Exception {
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        try (CaughtLog log = CaughtLog.listen();
                Router router = Router.open();
                NamedReceiver<String> receiver = NamedReceiver.open("words", String.class)) {
            router.route(receiver.receiver(), got::add);

            ChildJvm child = start(NameKind.CHANNEL, Deed.GARBAGE);

            isLoggedOnce(log, child);
            try (NamedSender<String> later = NamedSender.open("words", String.class)) {
                later.send("first");
                assertThat(got.poll(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo("first");
            }
            end(child);
        }
    }

    @Test
    void garbageOfOneProcessCostsNoOtherOfASignal() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                NamedSignal listener = NamedSignal.open("words")) {
            ChildJvm child = start(NameKind.SIGNAL, Deed.GARBAGE);

            isLoggedOnce(log, child);
            try (NamedSignal giver = NamedSignal.open("words")) {
                giver.signal(7);
                assertThat(listener.await(7, Children.PATIENCE)).isEqualTo(1);
            }
            end(child);
        }
    }

    /// The socket is at its end once a ring has come over it.
    @Test
    void garbageAfterARingIsNeverRead() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                NamedReceiver<String> receiver = NamedReceiver.open("words", String.class)) {
            ChildJvm child = start(NameKind.CHANNEL, Deed.RING_AND_GARBAGE);
            assertThat(receiver.tryReceive()).isNull();
            try (NamedSender<String> later = NamedSender.open("words", String.class)) {
                later.send("first");

                assertThat(receiver.receive(Children.PATIENCE)).isEqualTo("first");
                assertThat(receiver.senderCount()).isEqualTo(2);
                assertThat(cutOff(log)).isEmpty();
            }
            end(child);
        }
    }

    @ParameterizedTest
    @EnumSource
    void processThatIsKilledAfterItsDeedLeavesNothing(Deed deed) throws Exception {
        try (CaughtLog _ = CaughtLog.listen();
                NamedReceiver<String> receiver = NamedReceiver.open("words", String.class);
                NamedSender<String> sender = NamedSender.open("words", String.class)) {
            sender.send("first");
            assertThat(receiver.receive()).isEqualTo("first");
            Waits<String> waiting = Waits.inVirtualThread(receiver::receive).asleep();
            long before = Children.descriptors();

            start(NameKind.CHANNEL, deed).kill();

            await().atMost(Children.PATIENCE).until(() -> receiver.senderCount() == 1);
            await().atMost(Children.PATIENCE).untilAsserted(() -> assertThat(
                    Children.descriptors()).isLessThanOrEqualTo(before));
            sender.send("second");
            assertThat(waiting.value()).isEqualTo("second");
        }
    }
}
