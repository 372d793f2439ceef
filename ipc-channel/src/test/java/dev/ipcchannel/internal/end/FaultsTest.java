package dev.ipcchannel.internal.end;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.rendezvous.Ends;
import dev.ipcchannel.internal.send.Share;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.testing.Children;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The effect of faults on the inside of a channel, where users do not see it.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultsTest {

    private static final LaneSettings SETTINGS = new LaneSettings(4096, 0, 4096, "");
    private static final Duration LONG = Duration.ofDays(1);

    @RegisterExtension
    final Children children = new Children();

    private final Faults faults = new Faults();
    private Duration delay = Duration.ZERO;

    @Test
    void nothingWakesAReceiverBeforeTheMessageIsDueThoughItsSenderIsGone() {
        Ends ends = Ends.open(SETTINGS, faults);
        Share share = ends.share();
        faults.delay(LONG);
        assertThat(ends.outbox().trySend(share, OutgoingMessage.of(new byte[8], List.of())))
                .isTrue();
        faults.killSender();
        ends.inbox().enter();
        assertThat(ends.inbox().tryNext()).isNull(); // takes up the lane
        assertThat(ends.inbox().tryNext()).isNull(); // sees its end

        PollSet set = new PollSet();
        while (!ends.inbox().arm(set)) { // the watcher may report the end only now
            ends.inbox().disarm();
            assertThat(ends.inbox().tryNext()).isNull();
            set.clear();
        }
        assertThat(set.look()).isFalse();

        ends.inbox().disarm();
        ends.inbox().exit();
        ends.inbox().close("closed");
    }

    @Test
    void delaysAreForgottenWithWhatAnyReaderHasRead() {
        LaneFaults lane = new LaneFaults(() -> false, () -> delay);
        delay = LONG;
        lane.note(0, 0);
        lane.note(64, 0);
        lane.note(128, 128);

        assertThat(lane.heldUntil(64)).isNull();
        assertThat(lane.heldUntil(128)).isNotNull();
    }

    @Test
    void delayOfAnAttemptThatWasGivenUpIsReplaced() {
        LaneFaults lane = new LaneFaults(() -> false, () -> delay);
        delay = LONG;
        lane.note(128, 0); // with padding before it
        delay = Duration.ofDays(2);
        lane.note(64, 0); // without

        Deadline held = lane.heldUntil(64);
        assertThat(held).isNotNull();
        assertThat(held.remainingNanos()).isGreaterThan(Deadline.after(LONG).remainingNanos());
        assertThat(lane.heldUntil(128)).isNull();
    }
}
