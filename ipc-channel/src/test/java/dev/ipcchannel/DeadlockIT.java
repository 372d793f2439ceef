package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Conversation;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.EchoChild;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The warning in two processes that wait for each other.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeadlockIT {

    private static final String CAPACITY = "4096";

    @RegisterExtension
    final Children children = new Children();

    @Test
    void bothSidesThatWaitInSendAreADeadlockAndTheLogSaysSo() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                Conversation talk = children.converse(EchoChild.class, CAPACITY)) {
            Waits<Void> sending = Waits.run(() -> {
                while (true) {
                    talk.toChild().send("never received");
                }
            });

            await("the warning").atMost(Children.PATIENCE).until(() -> !log.lines().isEmpty());

            assertThat(log.lines()).singleElement().asString().startsWith("deadlock: ")
                    .contains("Sender[string, pid=" + talk.child().pid())
                    .contains("Receiver[string, pid=" + talk.child().pid());
            assertThat(talk.fromChild().receive(Children.PATIENCE)).as("nothing is lost")
                    .isEqualTo("never received");
            talk.child().kill();
            sending.failure().isInstanceOf(Disconnected.class);
        }
    }
}
