package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Receiver;
import dev.ipcchannel.testing.Children;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Ends by a name that nobody has closed and nobody can reach any more leave it, and [Children]
/// finds nothing of theirs afterwards. Each is made in a method of its own, so that no frame keeps
/// it.
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForgottenNamesTest {

    @RegisterExtension
    final Children children = new Children();

    @BeforeEach
    void namesAreOfThisTestAlone() {
        System.setProperty("ipc.directory", children.directory().resolve("names").toString());
    }

    @AfterEach
    void namesAreTheUsersAgain() {
        System.clearProperty("ipc.directory");
    }

    @Test
    void receiverThatIsForgottenLeavesItsName() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("words", String.class)) {
            forgetReceiver();

            awaitNoReceiver(sender);
        }
    }

    private static void awaitNoReceiver(NamedSender<String> sender) {
        await("the receiver is found").atMost(Children.PATIENCE).until(() -> {
            System.gc();
            return sender.receiverCount() == 0;
        });
    }

    private static void forgetReceiver() throws Exception {
        NamedReceiver<String> forgotten = NamedReceiver.open("words", String.class);
        Heartbeat _ = forgotten.startHeartbeat(Duration.ofMillis(5));
    }

    @Test
    void senderThatIsForgottenLeavesItsName() throws Exception {
        try (NamedReceiver<String> receiver = NamedReceiver.open("words", String.class)) {
            forgetSender();

            await("the sender is found").atMost(Children.PATIENCE).until(() -> {
                System.gc();
                return receiver.senderCount() == 0;
            });
            assertThat(receiver.receive(Children.PATIENCE)).isEqualTo("last words");
        }
    }

    private static void forgetSender() throws Exception {
        NamedSender<String> forgotten = NamedSender.open("words", String.class);
        forgotten.send("last words");
    }

    @Test
    void receiverOfWhichItsUserKeepsThePlainOneAloneStays() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("words", String.class)) {
            receivePlainly(sender);

            awaitNoReceiver(sender);
        }
    }

    private static void receivePlainly(NamedSender<String> sender) throws Exception {
        try (Receiver<String> plain = plainReceiver()) {
            System.gc();
            sender.send("still here");

            assertThat(plain.receive(Children.PATIENCE)).isEqualTo("still here");
        }
    }

    private static Receiver<String> plainReceiver() throws Exception {
        return NamedReceiver.open("words", String.class).receiver();
    }
}
