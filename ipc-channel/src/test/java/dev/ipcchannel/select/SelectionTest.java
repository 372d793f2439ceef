package dev.ipcchannel.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.receive.Inbox;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A selection with one member, whose sender the test simulates.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SelectionTest {

    private static final int CAPACITY = 4096;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void senderThatRingsBeforeEachLookCountsOnlyOnceAfterTheDeadline() throws Exception {
        Sockets.Pair pair = Sockets.pair();
        Inbox inbox = new Inbox(pair.second(), new LaneSettings(CAPACITY, 0, 1 << 30, ""), null);
        Selection selection = new Selection();
        selection.join(inbox, _ -> {});
        HostileLane lane = HostileLane.announce(pair.first(), CAPACITY);
        int rounds = 0;
        selection.enter();
        do {
            rounds++;
            assertThat(rounds).as("rounds of a look").isLessThan(10);
            selection.round(membership -> {
                assertThat(inbox.enterSoon(membership)).isTrue();
                assertThat(inbox.nextSignalled(Deadline.NOW)).isNull();
                inbox.exit();
                return false;
            });
            Wire.ring(lane.socket());
        } while (selection.await(Deadline.NOW));
        selection.exit();

        selection.close();
        inbox.close("closed");
        lane.close();
        pair.first().close();
    }
}
