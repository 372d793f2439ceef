package dev.ipcchannel.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The lines of the kernel's log about processes that were killed for lack of memory.
@Timeout(30)
class KernelLogTest {

    private static final long NOW = Duration.ofSeconds(1000).toNanos();
    private static final String LOG = """
            <6>[    1.264682] virtio_blk virtio1: new size
            <3>[  100.000000] Out of memory: Killed process 12 (java) total-vm:1kB, anon-rss:1kB
            <3>[  990.500000] Memory cgroup out of memory: Killed process 123 (java) total-vm:1kB
            <4>[  991.000000] systemd[1]: Killed a process 77 at last
            """;

    private static boolean hasKilled(long pid, int age) {
        return KernelLog.hasKilled(LOG, pid, Duration.ofSeconds(age), NOW);
    }

    @Test
    void killOfAProcessSinceItsStartIsFound() {
        assertThat(hasKilled(123, 10)).isTrue();
        assertThat(hasKilled(12, 950)).isTrue();
    }

    @Test
    void killOfAnEarlierProcessWithThatNumberIsNot() {
        assertThat(hasKilled(12, 10)).isFalse();
        assertThat(hasKilled(123, 1)).isFalse();
    }

    @Test
    void otherNumbersAndLinesDoNotCount() {
        assertThat(hasKilled(23, 1000)).isFalse();
        assertThat(hasKilled(77, 1000)).isFalse();
        assertThat(hasKilled(1, 1000)).isFalse();
    }
}
