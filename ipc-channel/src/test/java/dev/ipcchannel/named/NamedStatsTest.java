package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.EndStats;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.testing.Children;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The numbers of a sender by name are those of all its rings.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamedStatsTest {

    private static final Duration SHORT = Duration.ofMillis(50);

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
    void senderToManyHasTheNumbersOfAllItsRings() throws Exception {
        try (NamedReceiver<byte[]> first = NamedReceiver.open("odd", byte[].class);
                NamedReceiver<byte[]> second = NamedReceiver.open("odd", byte[].class);
                NamedSender<byte[]> sender = NamedSender.open("odd", byte[].class)) {
            sender.send(new byte[100_000]);
            long sent = 1;
            while (sender.trySend(new byte[1000]) == SendOutcome.SENT) {
                sent++;
            }
            assertThatThrownBy(() -> sender.send(new byte[1000], SHORT))
                    .isInstanceOf(TimedOut.class);

            EndStats open = sender.stats();
            assertThat(open.messages()).isEqualTo(sent);
            assertThat(open.bytes()).isEqualTo(100_000 + (sent - 1) * 1000);
            assertThat(open.blocked()).isPositive();
            assertThat(open.wakeUps()).isPositive();
            assertThat(open.highWaterMark()).isPositive();
            assertThat(open.spills()).isEqualTo(1);
            assertThat(open.descriptors()).isGreaterThanOrEqualTo(2);
            assertThat(open.memory()).isGreaterThanOrEqualTo(2 * 65_536);

            first.leave();
            second.leave();
            while (sender.receiverCount() > 0) {
                Thread.onSpinWait();
            }
            EndStats left = sender.stats();
            assertThat(left.messages()).isEqualTo(sent);
            assertThat(left.spills()).isEqualTo(1);
            assertThat(left.blocked()).isGreaterThanOrEqualTo(open.blocked());
            assertThat(left.wakeUps()).isGreaterThanOrEqualTo(open.wakeUps());
            assertThat(left.highWaterMark()).isGreaterThanOrEqualTo(open.highWaterMark());
            assertThat(left.descriptors()).isZero();
            assertThat(left.memory()).isZero();
        }
    }
}
