package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.EndClosed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Signals of one name in one process: their listeners, and their counts.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamedSignalTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(50);

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = OwnNames.emptyAtOnce();

    /// Takes signals until `count` have come.
    private static void awaitCount(NamedSignal signal, int id, long count)
            throws InterruptedException {
        long sum = 0;
        while (sum < count) {
            sum += signal.await(id, PATIENCE);
        }
        assertThat(sum).isEqualTo(count);
    }

    @Test
    void allOthersHearASignalAndItsGiverDoesNot() throws Exception {
        try (NamedSignal giver = NamedSignal.open("reload");
                NamedSignal first = NamedSignal.open("reload");
                NamedSignal second = NamedSignal.open("reload")) {
            assertThat(giver.listenerCount()).isEqualTo(2);
            giver.signal(7);

            assertThat(first.await(7)).isEqualTo(1);
            assertThat(second.await(7, PATIENCE)).isEqualTo(1);
            second.signal(7);
            assertThat(giver.await(7, PATIENCE)).as("of another one, and of it alone").isEqualTo(1);
            assertThatThrownBy(() -> giver.await(7, Duration.ZERO)).isInstanceOf(TimedOut.class);
        }
    }

    @Test
    void awaitGivesHowOftenTheSignalCameSinceTheLastOne() throws Exception {
        try (NamedSignal giver = NamedSignal.open("reload");
                NamedSignal listener = NamedSignal.open("reload")) {
            giver.signal(1);
            awaitCount(listener, 1, 1);
            for (int i = 0; i < 5; i++) {
                giver.signal(1);
            }
            giver.signal(2);
            assertThat(listener.await(2, PATIENCE)).as("after all that was given before it")
                    .isEqualTo(1);

            assertThat(listener.await(1)).isEqualTo(5);
            assertThatThrownBy(() -> listener.await(1, SHORT)).isInstanceOf(TimedOut.class)
                    .hasMessageContaining("name=reload").hasMessageContaining("id=1")
                    .hasMessageContaining("timeout=50 ms");
        }
    }

    @Test
    void signalWithoutAListenerIsNoErrorAndNotKept() throws Exception {
        try (NamedSignal giver = NamedSignal.open("reload")) {
            giver.signal(1);

            try (NamedSignal late = NamedSignal.open("reload")) {
                assertThatThrownBy(() -> late.await(1, SHORT)).isInstanceOf(TimedOut.class);
            }
        }
    }

    @Test
    void waitThatIsAloneSaysWhereItLooks() throws Exception {
        try (NamedSignal alone = NamedSignal.open("reload")) {
            assertThatThrownBy(() -> alone.await(1, SHORT)).isInstanceOf(TimedOut.class)
                    .hasMessageContaining(names.directory().toString());
            assertThatThrownBy(() -> alone.waitForListeners(1, SHORT)).isInstanceOf(TimedOut.class)
                    .hasMessageContaining("wanted=1, there=0");
        }
    }

    @Test
    void giverWaitsForThoseThatListen() throws Exception {
        try (NamedSignal giver = NamedSignal.open("reload")) {
            Waits<Void> waiting =
                    Waits.run(() -> giver.waitForListeners(2, PATIENCE)).asleep();
            try (NamedSignal first = NamedSignal.open("reload");
                    NamedSignal second = NamedSignal.open("reload")) {
                assertThat(waiting.value()).isNull();
                giver.signal(0);
                awaitCount(first, 0, 1);
                awaitCount(second, 0, 1);
            }
            await().atMost(PATIENCE).until(() -> giver.listenerCount() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, NamedSignal.MAX_ID + 1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void idBeyondTheLimitsIsRefused(int id) throws Exception {
        try (NamedSignal signal = NamedSignal.open("reload")) {
            assertThatThrownBy(() -> signal.signal(id)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("id=" + id).hasMessageContaining("65535");
            assertThatThrownBy(() -> signal.await(id)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void greatestAndSmallestIdsArrive() throws Exception {
        try (NamedSignal giver = NamedSignal.open("reload");
                NamedSignal listener = NamedSignal.open("reload")) {
            giver.signal(0);
            giver.signal(NamedSignal.MAX_ID);

            awaitCount(listener, 0, 1);
            awaitCount(listener, NamedSignal.MAX_ID, 1);
        }
    }

    @Test
    void namesAreApart() throws Exception {
        try (NamedSignal giver = NamedSignal.open("reload");
                NamedSignal other = NamedSignal.open("restart");
                NamedReceiver<String> _ = NamedReceiver.open("reload", String.class)) {
            giver.signal(1);

            assertThat(giver.listenerCount()).isZero();
            assertThatThrownBy(() -> other.await(1, SHORT)).isInstanceOf(TimedOut.class);
        }
    }

    @Test
    void noSignalOfManyThreadsIsLost() throws Exception {
        try (NamedSignal first = NamedSignal.open("reload");
                NamedSignal second = NamedSignal.open("reload");
                NamedSignal third = NamedSignal.open("reload")) {
            List<Waits<Void>> givers = new ArrayList<>();
            for (NamedSignal giver : List.of(first, second, third)) {
                for (int i = 0; i < 2; i++) {
                    givers.add(Waits.run(() -> {
                        for (int signal = 0; signal < 30_000; signal++) {
                            giver.signal(signal % 3);
                        }
                    }));
                }
            }
            for (NamedSignal listener : List.of(first, second, third)) {
                for (int id = 0; id < 3; id++) {
                    awaitCount(listener, id, 4 * 10_000);
                }
            }
            for (Waits<Void> giver : givers) {
                assertThat(giver.value()).isNull();
            }
            assertThatThrownBy(() -> first.await(0, Duration.ZERO)).isInstanceOf(TimedOut.class);
        }
    }

    @Test
    void oneOfSeveralThreadsGetsWhatHasCome() throws Exception {
        try (NamedSignal giver = NamedSignal.open("reload");
                NamedSignal listener = NamedSignal.open("reload")) {
            Waits<Long> one = Waits.in(() -> listener.await(1)).asleep();
            Waits<Long> other = Waits.inVirtualThread(() -> listener.await(1)).asleep();

            giver.signal(1);
            await().atMost(PATIENCE)
                    .until(() -> one.result().isDone() || other.result().isDone());
            giver.signal(1);

            assertThat(one.value() + other.value()).isEqualTo(2);
        }
    }

    @Test
    void closeWakesThoseThatWait() throws Exception {
        NamedSignal signal = NamedSignal.open("reload");
        Waits<Long> waiting = Waits.in(() -> signal.await(1)).asleep();
        Waits<Void> lonely =
                Waits.run(() -> signal.waitForListeners(1, Children.PATIENCE)).asleep();

        signal.close();
        signal.close();

        waiting.failure().isInstanceOf(EndClosed.class);
        lonely.failure().isInstanceOf(EndClosed.class);
        assertThatThrownBy(() -> signal.signal(1)).isInstanceOf(EndClosed.class);
        assertThatThrownBy(() -> signal.await(1)).isInstanceOf(EndClosed.class);
    }

    @Test
    void interruptEndsAWaitAndLosesNothing() throws Exception {
        try (NamedSignal giver = NamedSignal.open("reload");
                NamedSignal listener = NamedSignal.open("reload")) {
            Waits<Long> waiting = Waits.in(() -> listener.await(1)).asleep();

            waiting.thread().interrupt();

            waiting.failure().isInstanceOf(InterruptedException.class);
            giver.signal(1);
            awaitCount(listener, 1, 1);
        }
    }
}
