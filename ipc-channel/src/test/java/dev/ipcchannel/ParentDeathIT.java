package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Conversation;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.EchoChild;
import dev.ipcchannel.testing.children.HostingChild;
import dev.ipcchannel.testing.children.ParentChild;
import dev.ipcchannel.testing.children.Talk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The death of a parent, and a child that is only stopped for a while.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ParentDeathIT {

    private static final int ROUNDS = 5;
    private static final int MESSAGES = 200;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void childOfAKilledParentLearnsOfItAndEndsByItself() throws Exception {
        Path output = children.directory().resolve("grandchild.txt");
        ChildJvm parent =
                children.command().piped().start(ParentChild.class, output.toString());
        String line = String.valueOf(parent.captured().readLine(Children.PATIENCE));
        assertThat(line).startsWith("hello ");
        Optional<ProcessHandle> grandchild =
                ProcessHandle.of(Long.parseLong(line.substring("hello ".length())));

        parent.kill();

        await("the grandchild ends").atMost(Children.PATIENCE)
                .until(() -> grandchild.isEmpty() || !grandchild.get().isAlive());
        assertThat(Files.readString(output)).startsWith("the end: ");
    }

    @ParameterizedTest
    @EnumSource
    void clientThatWaitsLearnsOfTheServersDeath(WaitStrategy strategy) throws Exception {
        ChildJvm host = children.command().piped().start(HostingChild.class);
        String name = String.valueOf(host.captured().readLine(Children.PATIENCE));
        ChannelOptions options = ChannelOptions.defaults().withWaitStrategy(strategy);
        try (Channel<String> inward = Channel.create(String.class, options);
                Channel<String> outward = Channel.create(String.class, options)) {
            try (Sender<Talk> bootstrap = OneShotServer.connect(name, Talk.class)) {
                bootstrap.send(new Talk(inward.sender(), outward.receiver()));
            }
            assertThat(inward.receiver().receive(Children.PATIENCE)).isEqualTo("ready");
            Waits<String> receive = Waits.in(inward.receiver()::receive);
            if (strategy == WaitStrategy.SPIN) {
                receive.spinning();
            } else {
                receive.asleep();
            }

            host.kill();

            receive.failure().isInstanceOf(Disconnected.class);
            await("the sender learns of it").atMost(Children.PATIENCE)
                    .pollInterval(Duration.ofMillis(1))
                    .untilAsserted(() -> assertThatThrownBy(
                            () -> outward.sender().trySend("anybody there?"))
                            .isInstanceOf(Disconnected.class));
        }
    }

    @Test
    void stoppedChildIsNotADeadOne() throws Exception {
        try (Conversation talk = children.converse(EchoChild.class, "4096")) {
            Sender<String> toChild = talk.toChild();
            Receiver<String> fromChild = talk.fromChild();
            int sent = 0;
            int received = 0;
            for (int round = 0; round < ROUNDS; round++) {
                talk.child().signal("STOP");
                while (isSent(toChild, "message " + sent)) {
                    sent++;
                }
                talk.child().signal("CONT");
                while (received < sent) {
                    assertThat(fromChild.receive(Children.PATIENCE))
                            .isEqualTo("message " + received);
                    received++;
                }
            }
            assertThat(sent).isGreaterThan(MESSAGES);
            toChild.close();
            talk.child().awaitExit(0);
        }
    }

    private static boolean isSent(Sender<String> sender, String message)
            throws InterruptedException {
        try {
            sender.send(message, Duration.ofMillis(20));
            return true;
        } catch (TimedOut _) { // a stopped child is all that can bring this about
            return false;
        }
    }
}
