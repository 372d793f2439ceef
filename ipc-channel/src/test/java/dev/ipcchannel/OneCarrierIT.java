package dev.ipcchannel;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.ImpatientRemovalChild;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Virtual threads on a single carrier: a waiting thread releases it. The storm `carrier` of the
/// module torture has all of them wait for each other at once.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OneCarrierIT {

    @RegisterExtension
    final Children children = new Children();

    @Test
    void interruptedThreadThatTakesAReceiverOutOfItsSetLetsTheCodecGoOn() throws Exception {
        children.command().onOneCarrier().start(ImpatientRemovalChild.class).awaitExit(0);
    }
}
