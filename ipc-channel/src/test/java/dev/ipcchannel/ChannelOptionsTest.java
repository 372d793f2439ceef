package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The options that a channel may be given.
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

    @ParameterizedTest
    @EnumSource(WaitStrategy.class)
    void endsSayHowTheirChannelWasMade(WaitStrategy strategy) {
        ChannelOptions options = new ChannelOptions(8192, strategy, Duration.ofNanos(30), 77);
        boolean isAwake = strategy == WaitStrategy.HYBRID
                && Runtime.getRuntime().availableProcessors() > 1;
        ChannelOptions expected = isAwake ? options
                : options.withSpin(ChannelOptions.defaults().spin()).withWaitStrategy(
                        strategy == WaitStrategy.SPIN ? strategy : WaitStrategy.BLOCK);

        try (Channel<String> channel = Channel.create(String.class, options)) {
            assertThat(channel.sender().options()).isEqualTo(expected);
            assertThat(channel.receiver().options()).isEqualTo(expected);
            assertThat(channel.sender().share().options()).isEqualTo(expected);
        }
    }

    @Test
    void hybridWithoutATimeToLookIsBlock() {
        ChannelOptions hybrid = ChannelOptions.defaults().withSpin(Duration.ZERO);

        try (Channel<String> channel = Channel.create(String.class, hybrid)) {
            assertThat(channel.receiver().options())
                    .isEqualTo(ChannelOptions.defaults().withWaitStrategy(WaitStrategy.BLOCK));
        }
    }

    @Test
    void timesAreWrittenForPeople() {
        assertThat(ChannelOptions.defaults()).hasToString("ChannelOptions[capacity=65536,"
                + " waitStrategy=HYBRID, spin=20 us, maxMessage=1073741824]");
    }

    @Test
    void negativeSpinIsRefused() {
        assertThatThrownBy(() -> ChannelOptions.defaults().withSpin(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageEndingWith("spin=-1 ns");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2048, 4097, 5000, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void capacityThatIsNoPowerOfTwoInBoundsIsRefused(int capacity) {
        assertThatThrownBy(() -> ChannelOptions.defaults().withCapacity(capacity))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("capacity=" + capacity);
    }
}
