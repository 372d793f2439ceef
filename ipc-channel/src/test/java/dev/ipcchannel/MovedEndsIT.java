package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.Desk;
import dev.ipcchannel.testing.children.Estate;
import dev.ipcchannel.testing.children.Handover;
import dev.ipcchannel.testing.children.Heir;
import dev.ipcchannel.testing.children.HeirChild;
import dev.ipcchannel.testing.children.IdleHeirChild;
import dev.ipcchannel.testing.children.NumberingChild;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Ends of channels that travel between real processes.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MovedEndsIT {

    private static final int COUNT = 200;
    private static final int READ_BEFORE_THE_MOVE = 50;
    private static final int FEW = 20;
    private static final int LONG = 100_000;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void movedReceiverGoesOnWithWhatWasUnreadAndWithTheLanesOfTwoProcesses() throws Exception {
        List<String> received = new ArrayList<>();
        try (Channel<String> work = Channel.create(String.class)) {
            number(work.sender().share(), "theirs").awaitExit(0);
            for (int i = 0; i < COUNT; i++) {
                work.sender().send("ours " + i);
            }
            for (int i = 0; i < READ_BEFORE_THE_MOVE; i++) {
                received.add(work.receiver().receive(Children.PATIENCE));
            }

            try (OneShotServer<Heir> server = OneShotServer.open(Heir.class)) {
                ChildJvm child = children.start(HeirChild.class, server.name());
                Heir heir = server.accept(child.process(), Children.PATIENCE);
                heir.estates().send(new Estate(work.receiver()));
                for (int i = COUNT; i < 2 * COUNT; i++) {
                    work.sender().send("ours " + i);
                }
                assertThatThrownBy(() -> work.receiver().tryReceive())
                        .isInstanceOf(EndClosed.class).hasMessageContaining("moved");
                work.sender().close();
                receiveReports(heir, received);
                child.awaitExit(0);
            }
        }
        assertThat(received).filteredOn(text -> text.startsWith("theirs"))
                .containsExactlyElementsOf(numbered("theirs", COUNT));
        assertThat(received).filteredOn(text -> text.startsWith("ours"))
                .containsExactlyElementsOf(numbered("ours", 2 * COUNT));
    }

    @Test
    void movedReceiverTakesTheFilesOfLongMessagesAlong() throws Exception {
        String word = "x".repeat(LONG);
        List<String> received = new ArrayList<>();
        try (Channel<String> work = Channel.create(String.class);
                OneShotServer<Heir> server = OneShotServer.open(Heir.class)) {
            for (String message : numbered(word, FEW)) {
                work.sender().send(message);
            }
            received.add(work.receiver().receive(Children.PATIENCE)); // whose file is used again
            ChildJvm child = children.start(HeirChild.class, server.name());
            Heir heir = server.accept(child.process(), Children.PATIENCE);

            heir.estates().send(new Estate(work.receiver()));
            for (String message : numbered(word, 2 * FEW).subList(FEW, 2 * FEW)) {
                work.sender().send(message);
            }
            work.sender().close();

            receiveReports(heir, received);
            child.awaitExit(0);
        }
        assertThat(received).isEqualTo(numbered(word, 2 * FEW));
    }

    @Test
    void senderThatIsSharedWithAChildEndsWithTheLastShare() throws Exception {
        try (Channel<String> work = Channel.create(String.class)) {
            Waits<List<String>> reader = Waits.in(() -> receiveAll(work.receiver()));

            number(work.sender().share(), "theirs").awaitExit(0);
            for (int i = 0; i < COUNT; i++) {
                work.sender().send("ours " + i);
            }
            assertThat(reader.result()).as("the reader, while there is a sender").isNotDone();
            work.sender().close();

            assertThat(reader.value()).filteredOn(text -> text.startsWith("theirs"))
                    .containsExactlyElementsOf(numbered("theirs", COUNT));
            assertThat(reader.value()).filteredOn(text -> text.startsWith("ours"))
                    .containsExactlyElementsOf(numbered("ours", COUNT));
        }
    }

    @Test
    void senderThatHasMovedIsUsedUpHereAndEndsWithItsNewProcess() throws Exception {
        try (Channel<String> work = Channel.create(String.class)) {
            ChildJvm child = number(work.sender(), "theirs");

            assertThatThrownBy(() -> work.sender().send("late"))
                    .isInstanceOf(EndClosed.class).hasMessageContaining("share()");
            assertThat(receiveAll(work.receiver()))
                    .containsExactlyElementsOf(numbered("theirs", COUNT));
            child.awaitExit(0);
        }
    }

    @Test
    void endsInMessagesNeverReceivedAreClosedByTheKernel() throws Exception {
        try (Channel<String> lostSender = Channel.create(String.class);
                Channel<String> lostReceiver = Channel.create(String.class);
                OneShotServer<IdleHeirChild.Attic> server =
                        OneShotServer.open(IdleHeirChild.Attic.class)) {
            ChildJvm child = children.start(IdleHeirChild.class, server.name());
            IdleHeirChild.Attic attic = server.accept(child.process(), Children.PATIENCE);
            lostReceiver.sender().send("never read");
            attic.handovers().send(new Handover(lostSender.sender()));
            attic.estates().send(new Estate(lostReceiver.receiver()));
            Waits<String> receive = Waits.in(lostSender.receiver()::receive).asleep();

            child.kill();

            receive.failure().isInstanceOf(Disconnected.class);
            await("the sender learns of it").atMost(Children.PATIENCE)
                    .pollInterval(Duration.ofMillis(1)).untilAsserted(() -> assertThatThrownBy(
                            () -> lostReceiver.sender().trySend("anybody there?"))
                            .isInstanceOf(Disconnected.class));
            attic.handovers().close();
            attic.estates().close();
        }
    }

    /// Starts a child that gets `sender` and sends numbered messages through it.
    private ChildJvm number(Sender<String> sender, String word) throws Exception {
        try (OneShotServer<Desk> server = OneShotServer.open(Desk.class)) {
            ChildJvm child = children.start(NumberingChild.class, server.name(),
                    Integer.toString(COUNT), word);
            try (Sender<Handover> orders =
                    server.accept(child.process(), Children.PATIENCE).orders()) {
                orders.send(new Handover(sender));
            }
            return child;
        }
    }

    private static void receiveReports(Heir heir, List<String> received)
            throws InterruptedException {
        try (Sender<Estate> _ = heir.estates(); Receiver<String> reports = heir.reports()) {
            String report = reports.receive(Children.PATIENCE);
            while (!report.equals(HeirChild.END)) {
                received.add(report);
                report = reports.receive(Children.PATIENCE);
            }
        }
    }

    private static List<String> receiveAll(Receiver<String> receiver) throws InterruptedException {
        List<String> received = new ArrayList<>();
        try {
            while (true) {
                received.add(receiver.receive());
            }
        } catch (Disconnected _) {
            return received;
        }
    }

    private static List<String> numbered(String word, int count) {
        return IntStream.range(0, count).mapToObj(i -> word + " " + i).toList();
    }
}
