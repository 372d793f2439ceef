package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A heartbeat starts whole or not at all.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HeartbeatTest {

    @Test
    void heartbeatThatCouldNotStartIsNotTakenForOneThatBeats() {
        Subscribers subscribers = new Subscribers();
        assertThatThrownBy(() -> Heartbeat.start(subscribers, 0))
                .isInstanceOf(IllegalArgumentException.class);

        try (Heartbeat second = Heartbeat.start(subscribers, 1_000_000)) {
            assertThat(second).isNotNull();
            assertThat(Heartbeat.start(subscribers, 1_000_000)).as("two at once").isNull();
        }
    }
}
