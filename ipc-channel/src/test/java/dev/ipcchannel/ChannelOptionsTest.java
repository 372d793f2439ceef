package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a channel may be asked to be.
@Timeout(30)
class ChannelOptionsTest {

    @Test
    void spinMayBeLongerThanTheClockCounts() throws InterruptedException {
        ChannelOptions options = ChannelOptions.defaults().withSpin(Duration.ofDays(200_000));

        try (Channel<String> channel = Channel.create(String.class, options)) {
            channel.sender().send("hello");
            assertThat(channel.receiver().receive()).isEqualTo("hello");
        }
    }

    @Test
    void negativeSpinIsRefused() {
        assertThatThrownBy(() -> ChannelOptions.defaults().withSpin(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("PT-0.0");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2048, 4097, 5000, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void capacityThatIsNoPowerOfTwoInBoundsIsRefused(int capacity) {
        assertThatThrownBy(() -> ChannelOptions.defaults().withCapacity(capacity))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("capacity=" + capacity);
    }
}
