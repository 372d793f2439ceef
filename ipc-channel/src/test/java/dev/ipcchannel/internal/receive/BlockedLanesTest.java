package dev.ipcchannel.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Wire;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// More held-up lanes than the kernel reports at once.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BlockedLanesTest {

    private static final int SOCKETS = 2 * Epoll.EVENTS + 2;

    @RegisterExtension
    final Children children = new Children();

    private final BlockedLanes blockedLanes = new BlockedLanes();
    private final List<Sockets.Pair> pairs = new ArrayList<>();

    @BeforeEach
    void hold() {
        for (int i = 0; i < SOCKETS; i++) {
            Sockets.Pair pair = Sockets.pair();
            pairs.add(pair);
            assertThat(blockedLanes.add(pair.second())).isTrue();
        }
    }

    @AfterEach
    void close() {
        pairs.forEach(pair -> {
            blockedLanes.remove(pair.second());
            pair.first().close();
            pair.second().close();
        });
    }

    @Test
    void eventsOfAllOfThemAreTakenAtOnce() {
        ringEverywhere();
        assertThat(hasEvents()).isTrue();

        blockedLanes.takeEvents();

        assertThat(hasEvents()).isFalse();
        Wire.ring(pairs.getLast().first());
        assertThat(hasEvents()).isTrue();
    }

    private void ringEverywhere() {
        pairs.forEach(pair -> Wire.ring(pair.first()));
    }

    private boolean hasEvents() {
        PollSet set = new PollSet();
        blockedLanes.addTo(set);
        return set.look();
    }
}
