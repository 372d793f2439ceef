package dev.ipcchannel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.SendOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A conversation in one process, with faults on request in each direction.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InProcessDuplexTest {

    @RegisterExtension
    final Children children = new Children();

    @Test
    void bothSidesHearEachOther() throws Exception {
        try (InProcessDuplex<String, Integer> talk =
                InProcessDuplex.open(String.class, Integer.class)) {
            talk.near().send("how many");
            assertThat(talk.far().receive()).isEqualTo("how many");
            talk.far().send(3);
            assertThat(talk.near().receive()).isEqualTo(3);
        }
    }

    @Test
    void faultsAreOfOneDirection() throws Exception {
        try (InProcessDuplex<String, Integer> talk =
                InProcessDuplex.open(String.class, Integer.class)) {
            talk.toFar().delay(Duration.ofDays(1));
            talk.toNear().fill();

            talk.near().send("late");

            assertThat(talk.far().tryReceive()).isNull();
            assertThat(talk.far().trySend(1)).isEqualTo(SendOutcome.FULL);
            talk.toNear().makeRoom();
            talk.far().send(2);
            assertThat(talk.near().receive()).isEqualTo(2);
        }
    }

    @Test
    void deathOfTheFarSideEndsBothDirections() throws Exception {
        try (InProcessDuplex<String, Integer> talk =
                InProcessDuplex.open(String.class, Integer.class)) {
            talk.near().send("question");
            talk.far().send(1);
            Waits<String> far = Waits.in(() -> {
                assertThat(talk.far().receive()).isEqualTo("question");
                return talk.far().receive();
            }).asleep();

            talk.killFar();

            far.failure().isInstanceOf(EndClosed.class).hasMessageContaining("killed by its test");
            assertThatThrownBy(() -> talk.far().send(2)).isInstanceOf(EndClosed.class)
                    .hasMessageContaining("killed by its test");
            assertThat(talk.near().receive()).isEqualTo(1);
            assertThatThrownBy(talk.near()::receive).isInstanceOf(Disconnected.class)
                    .hasMessageContaining("ended without closing");
            assertThatThrownBy(() -> talk.near().send("x")).isInstanceOf(Disconnected.class)
                    .hasMessageContaining("the receiver's process has ended");
        }
    }

    @Test
    void deathOfTheNearSideEndsBothDirections() throws Exception {
        try (InProcessDuplex<String, Integer> talk =
                InProcessDuplex.open(String.class, Integer.class)) {
            talk.near().send("last words");
            talk.far().send(1);

            talk.killNear();

            assertThat(talk.far().receive()).isEqualTo("last words");
            assertThatThrownBy(talk.far()::receive).isInstanceOf(Disconnected.class)
                    .hasMessageContaining("ended without closing");
            assertThatThrownBy(() -> talk.far().send(2)).isInstanceOf(Disconnected.class)
                    .hasMessageContaining("the receiver's process has ended");
        }
    }
}
