package dev.ipcchannel.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.SharedBytes;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.Children;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What the log says of an end that was forgotten: its type, its channel, and on request the place
/// where it was made.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForgottenEndsTest {

    private static final String TRACE = "dev.ipcchannel.traceEnds";

    record Order(int number) {}

    @RegisterExtension
    final Children children = new Children();

    @AfterEach
    void clear() {
        System.clearProperty(TRACE);
    }

    /// Forgets ends, one after the other, until the log says so of one: what comes often is a line now
    /// and then, with the last of them in it.
    private static void assertLogged(CaughtLog log, Runnable forget, String... words) {
        await("the log speaks of it").atMost(Duration.ofSeconds(150))
                .pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
                    forget.run();
                    System.gc();
                    assertThat(log.lines()).anySatisfy(line -> assertThat(line)
                            .contains("an end was forgotten without a close").contains(words));
                });
    }

    private static void forgetASender() {
        Receiver<Order> receiver = forgetTheSenderOf();
        receiver.close();
    }

    private static Receiver<Order> forgetTheSenderOf() {
        Channel<Order> channel = Channel.create(Order.class);
        channel.sender().trySend(new Order(1));
        return channel.receiver();
    }

    private static void forgetAReceiver() {
        Supplier<Sender<String>> rest = () -> Channel.create(String.class).sender();
        rest.get().close();
    }

    private static void forgetABlock() {
        assertThat(SharedBytes.of(new byte[12_345]).length()).isEqualTo(12_345);
    }

    @Test
    void eachKindSaysWhatItIsAndHowToLearnMore() {
        try (CaughtLog log = CaughtLog.listen()) {
            assertLogged(log, ForgottenEndsTest::forgetASender, "a sender of binary:", "number",
                    "-D" + TRACE + "=true");
            assertLogged(log, ForgottenEndsTest::forgetAReceiver, "a receiver of string",
                    "capacity=65536", "-D" + TRACE + "=true");
            assertLogged(log, ForgottenEndsTest::forgetABlock,
                    "a block of shared bytes, length=12345");
            assertThat(log.thrown()).isEmpty();
        }
    }

    @Test
    void placeWhereItWasMadeIsSaidWhereThePropertyAsksForIt() {
        System.setProperty(TRACE, "true");
        try (CaughtLog log = CaughtLog.listen()) {
            assertLogged(log, ForgottenEndsTest::forgetABlock, "length=12345: made at ",
                    "ForgottenEndsTest.forgetABlock(ForgottenEndsTest.java:");
            assertLogged(log, ForgottenEndsTest::forgetASender, "a sender of binary:",
                    "ForgottenEndsTest.forgetTheSenderOf(");
            assertLogged(log, ForgottenEndsTest::forgetAReceiver, "a receiver of string",
                    "ForgottenEndsTest.lambda$forgetAReceiver");
        }
    }
}
