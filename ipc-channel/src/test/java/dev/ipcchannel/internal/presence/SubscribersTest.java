package dev.ipcchannel.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.base.Deadline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A close of a member whose counterparts are asked to let it go.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SubscribersTest {

    @Test
    void closeEndsADepartureThatWaits() throws Exception {
        Subscribers senders = new Subscribers();
        senders.end();

        assertThat(senders.count()).isZero();
        assertThat(senders.leave(Deadline.NEVER)).isZero();
    }
}
