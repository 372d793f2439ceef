package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.testing.BusyPool;
import dev.ipcchannel.testing.Children;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Waits of threads of the common pool, which do not need one of them.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BusyPoolTest {

    @RegisterExtension
    final Children children = new Children();

    @Test
    void endOfAChildIsNoticed() {
        try (BusyPool _ = BusyPool.fill(); ChildProcess child =
                ChildJvm.ofCommand("true").start()) {
            assertThat(child.onExit()).succeedsWithin(Children.PATIENCE).isEqualTo(child);
        }
    }

    @Test
    void endOfAnIdleWorkerIsNoticed() throws Exception {
        try (var stage = new Stage(); BusyPool _ = BusyPool.fill();
                var set = stage.set(1).start()) {
            Puppet<String, String> first = stage.enter();

            first.kill();

            var _ = stage.enter();
            assertThat(set.stats().restarts()).isEqualTo(1);
        }
    }
}
