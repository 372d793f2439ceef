package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.Estate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Notifications of the watcher that may come before the end that they are for.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EarlyNotificationTest {

    private static final int RECEIVERS = 2000;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void receiverThatArrivesWithAnUnreadAnnouncementIsMadeBeforeItsNotification() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                Channel<Estate> carrier = Channel.create(Estate.class)) {
            for (int i = 0; i < RECEIVERS; i++) {
                Channel<String> work = Channel.create(String.class);
                work.sender().send("early");
                carrier.sender().send(new Estate(work.receiver()));

                try (Receiver<String> arrived = carrier.receiver().receive().receiver()) {
                    assertThat(arrived.receive(Children.PATIENCE)).isEqualTo("early");
                }
                work.close();
            }
            assertThat(log.thrown()).isEmpty();
        }
    }
}
