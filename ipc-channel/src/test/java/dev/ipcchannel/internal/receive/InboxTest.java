package dev.ipcchannel.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.rendezvous.Ends;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.testing.Children;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A receiver that is closed while a thread is inside.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InboxTest {

    @RegisterExtension
    final Children children = new Children();

    /// The other side learns of a close, and answers, while the thread that receives is on its way.
    @Test
    void whatComesAfterTheEndIsNotFoundByAThreadThatIsInside() throws Exception {
        Ends ends = Ends.open(new LaneSettings(4096, 0, 1 << 20, ""));
        Inbox inbox = ends.inbox();
        inbox.enter();
        try {
            inbox.end("this receiver was closed");
            assertThat(
                    ends.share().send(OutgoingMessage.of(new byte[1], List.of()), Deadline.NEVER))
                    .isTrue();

            assertThatThrownBy(() -> inbox.next(Deadline.NEVER)).isInstanceOf(LaneException.class)
                    .hasMessageContaining("this receiver was closed");
            assertThatThrownBy(inbox::tryNext).isInstanceOf(LaneException.class)
                    .hasMessageContaining("this receiver was closed");
        } finally {
            inbox.exit();
            ends.close();
        }
    }
}
