package dev.ipcchannel.named;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.TimedOut;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Single messages that are sent without a channel of their own and without a receiver.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeptSenderTest {

    private static final int KEPT = 256;

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = new OwnNames();

    @AfterEach
    void nothingIsLeft() {
        awaitNoMember();
    }

    private static void awaitNoMember() {
        await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(5))
                .until(() -> NamedDirectory.list().isEmpty());
    }

    private static void send(int number) throws InterruptedException {
        IpcChannel.sendMessage("words", String.valueOf(number).getBytes(UTF_8));
    }

    /// In sequence they would take a quarter of an hour, since each send without room waits 100
    /// milliseconds. So each has its own thread, and they wait at the same time.
    @Test
    void tenThousandMessagesWithoutAReceiverAreOneMemberAndNoMoreAreKeptThanThereIsRoomFor()
            throws Exception {
        for (int i = 0; i < KEPT; i++) {
            send(i);
        }
        long descriptors = Children.descriptors();
        long mappings = Children.mappings();
        long threads = Children.threads();
        List<Waits<Integer>> more = IntStream.range(KEPT, 10_000)
                .mapToObj(i -> Waits.inVirtualThread(() -> {
                    send(i);
                    return i;
                })).toList();
        assertThat(NamedDirectory.list()).hasSize(1);

        for (Waits<Integer> call : more) {
            assertThat(call.result()).failsWithin(Children.PATIENCE)
                    .withThrowableThat().havingCause().isInstanceOf(TimedOut.class)
                    .withMessageStartingWith("Timeout: Failed to send data: ")
                    .withMessageContaining("timeout=100 ms").withMessageContaining("name=words");
        }

        assertThat(NamedDirectory.list()).hasSize(1);
        assertThat(Children.descriptors()).isEqualTo(descriptors);
        assertThat(Children.mappings()).isEqualTo(mappings);
        assertThat(Children.threads()).isEqualTo(threads);
        try (var receiver = IpcChannel.open(ChannelType.CHANNEL, "words", ConnMode.RECEIVER)) {
            for (int i = 0; i < KEPT; i++) {
                assertThat(new String(receiver.receive(TimeUnit.MINUTES.toMillis(1)), UTF_8))
                        .isEqualTo(String.valueOf(i));
            }
            assertThat(receiver.tryReceive()).isNull();
        }
    }

    /// With two senders, two messages of one thread could arrive in either order.
    @Test
    void thereIsNeverASecondOneBesideIt() throws Exception {
        Set<String> roles = new HashSet<>();
        try (CaughtLog log = CaughtLog.listen()) {
            send(1);
            await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
                List<NamedMember> members = NamedDirectory.list();
                members.forEach(member -> roles.add(member.role()));
                return members.isEmpty();
            });
            assertThat(roles).containsExactly("sender");
            assertThat(log.lines()).anyMatch(line -> line.contains("name=words, messages=1"));
        }
    }
}
