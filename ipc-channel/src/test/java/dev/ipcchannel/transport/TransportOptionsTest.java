package dev.ipcchannel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.WaitStrategy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The options of rings on their way to a child, as a text.
@Timeout(60)
class TransportOptionsTest {

    private static final ChannelOptions ALL = new ChannelOptions(1 << 20, WaitStrategy.SPIN,
            Duration.ofMillis(3), 5000);

    @Test
    void whatAMarkSaysIsWhatWasGiven() {
        assertThat(ShmTransport.fromMark(new ShmTransport(ALL).mark())).isEqualTo(ALL);
        assertThat(ShmTransport.fromMark(ShmTransport.DEFAULT.mark()))
                .isEqualTo(ChannelOptions.defaults());
        assertThat(ShmTransport.fromMark(null)).isEqualTo(ChannelOptions.defaults());
    }

    @Test
    void aTimeBeyondAllClocksIsTheLongestThereIs() {
        ChannelOptions patient = ALL.withSpin(Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(ShmTransport.fromMark(new ShmTransport(patient).mark()).spin())
                .isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "capacity", "=", "capacity=", "capacity=5", "size=4096",
        "capacity=4096,", "spin=-1", "spin=9223372036854775808", "waitStrategy=NAP",
        "waitStrategy=spin", "maxMessage=1023", "maxMessage=1073741825", "maxMessage=1 KiB",
        "\u202ecapacity=4096"})
    void aMarkOfAnotherOriginIsNamedInASentence(String mark) {
        assertThatThrownBy(() -> ShmTransport.fromMark(mark))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the options of the rings to the parent cannot be read:"
                        + " IPC_CHANNEL_OPTIONS=")
                .hasMessageEndingWith(
                        ": leave this variable or property as the parent has set it")
                .hasMessageNotContaining("\u202e")
                .hasNoCause();
    }

    @Test
    void messagesTooShortForTheLibrarysOwnAreRefused() {
        ChannelOptions tiny = ChannelOptions.defaults().withMaxMessage(1023);

        assertThatThrownBy(() -> Transport.shm(tiny))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a child and its parent need room for the library's own messages:"
                        + " maxMessage=1023, limit=1024: give ChannelOptions.withMaxMessage that"
                        + " or more");
    }

    @Test
    void transportsOfTheSameOptionsAreEqual() {
        assertThat(Transport.shm(ALL)).isEqualTo(Transport.shm(ALL)).isNotEqualTo(Transport.shm());
        assertThat(Transport.shm(ChannelOptions.defaults())).isEqualTo(Transport.shm());
        assertThat(Transport.shm(ALL).name()).isEqualTo(Transport.shm().name());
        assertThat(Transport.shm(ALL)).hasToString("ShmTransport[options=ChannelOptions["
                + "capacity=1048576, waitStrategy=SPIN, spin=3 ms, maxMessage=5000]]");
    }
}
