package dev.ipcchannel.benchmarks.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Figures that are read of this process.
@Timeout(60)
class MeterTest {

    private static final long SELF = ProcessHandle.current().pid();
    private static final int SLEEPS = 100;

    @Test
    void eachSleepIsASwitch() throws Exception {
        Meter meter = Meter.start(List.of(SELF));
        for (int sleep = 0; sleep < SLEEPS; sleep++) {
            LockSupport.parkNanos(1_000_000);
        }

        Usage usage = meter.stop(SLEEPS, 3);

        assertThat(usage.switches()).isGreaterThanOrEqualTo(SLEEPS);
        assertThat(usage.jobs()).isEqualTo(SLEEPS);
        assertThat(usage.bells()).isEqualTo(3);
    }

    /// Of two readings of one process the sum is twice its own.
    @Test
    void processorTimeOfAllProcessesIsCounted() throws Exception {
        Meter meter = Meter.start(List.of(SELF, SELF));
        long end = cpu() + Duration.ofMillis(200).toNanos();
        while (cpu() < end) {
            Thread.onSpinWait();
        }

        Usage usage = meter.stop(1, 0);

        assertThat(usage.nanos()).isGreaterThanOrEqualTo(Duration.ofMillis(360).toNanos());
    }

    @Test
    void aLineIsReadAsItWasWritten() {
        Usage usage = new Usage(1, 2, 3, 4);

        assertThat(Usage.parse(usage.line())).isEqualTo(usage);
        assertThat(usage.plus(usage)).isEqualTo(new Usage(2, 4, 6, 8));
        assertThatThrownBy(() -> Usage.parse("slice")).hasMessageContaining("slice");
    }

    private static long cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }
}
