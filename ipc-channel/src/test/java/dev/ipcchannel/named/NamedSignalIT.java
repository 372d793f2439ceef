package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.children.ListeningChild;
import dev.ipcchannel.testing.children.SignallingChild;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Signals between processes, which stop, go on and die.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamedSignalIT {

    private static final int FLOOD = 60_000; // far more than a ring holds

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = new OwnNames();

    private ChildJvm start(Class<?> main) throws IOException {
        return children.command().environment("IPC_CHANNEL_DIR", names.directory().toString())
                .start(main);
    }

    private ChildJvm listening() throws IOException {
        ChildJvm child = start(ListeningChild.class);
        await().atMost(Children.PATIENCE)
                .until(() -> child.output().contains(ListeningChild.READY));
        return child;
    }

    @Test
    void stoppedListenerDelaysNoMemberAndGetsAllWhenItGoesOn() throws Exception {
        try (NamedSignal giver = NamedSignal.open(ListeningChild.NAME);
                NamedSignal other = NamedSignal.open(ListeningChild.NAME)) {
            ChildJvm stopped = listening();
            stopped.signal("STOP");

            for (int i = 0; i < FLOOD; i++) {
                giver.signal(i % 3);
            }

            for (int id = 0; id < 3; id++) {
                for (long sum = 0; sum < FLOOD / 3;) {
                    sum += other.await(id, Children.PATIENCE);
                }
            }
            stopped.signal("CONT");
            giver.signal(ListeningChild.END);
            stopped.awaitExit(0);
            assertThat(stopped.output().lines().skip(1)).as("the last id waits after the others")
                    .containsExactly("%1$d %1$d %1$d".formatted(FLOOD / 3));
        }
    }

    @Test
    void processesHearEachOther() throws Exception {
        try (NamedSignal giver = NamedSignal.open(ListeningChild.NAME)) {
            ChildJvm first = listening();
            ChildJvm second = listening();
            giver.waitForListeners(2, Children.PATIENCE);

            for (int id = 0; id < 3; id++) {
                giver.signal(id);
            }
            giver.signal(ListeningChild.END);

            for (ChildJvm listener : new ChildJvm[]{first, second}) {
                listener.awaitExit(0);
                assertThat(listener.output().lines().skip(1)).containsExactly("1 1 1");
            }
            await().atMost(Children.PATIENCE).until(() -> giver.listenerCount() == 0);
        }
    }

    @Test
    void giverThatIsKilledHarmsNoOther() throws Exception {
        try (NamedSignal listener = NamedSignal.open(ListeningChild.NAME);
                NamedSignal giver = NamedSignal.open(ListeningChild.NAME)) {
            ChildJvm flood = start(SignallingChild.class);
            long _ = listener.await(0, Children.PATIENCE);

            flood.kill();

            await().atMost(Children.PATIENCE).until(() -> listener.listenerCount() == 1);
            giver.signal(1);
            assertThat(listener.await(1, Children.PATIENCE)).isEqualTo(1);
        }
    }

    @Test
    void listenerKilledInAFloodDelaysNoMember() throws Exception {
        try (NamedSignal giver = NamedSignal.open(ListeningChild.NAME)) {
            ChildJvm stopped = listening();
            stopped.signal("STOP");
            for (int i = 0; i < FLOOD; i++) {
                giver.signal(i % 3);
            }

            stopped.kill();

            await().atMost(Children.PATIENCE).until(() -> giver.listenerCount() == 0);
            giver.signal(0);
        }
    }
}
