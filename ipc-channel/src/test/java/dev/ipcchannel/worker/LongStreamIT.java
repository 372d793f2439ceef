package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Streams of more jobs than the heap has room for.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LongStreamIT {

    private static final int JOBS = 350_000; // three times, a million in all

    @RegisterExtension
    final Children children = new Children();

    @Test
    void streamTakesNoMoreMemoryThanItsWindow() throws Exception {
        long sum = (long) JOBS * (JOBS - 1);
        var host = children.command().flags("-Xmx24m").piped()
                .start(LongStreamHost.class, Integer.toString(JOBS));

        host.awaitExit(0);

        assertThat(host.captured().lines()).containsExactly("in order: " + sum,
                "as they come: " + sum, "cut short: " + sum);
    }
}
