package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.receive.VisitedGuardChild.Entry;
import dev.ipcchannel.testing.Children;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A thread that finds a visitor in a guard: it lets the visitor have the only carrier.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VisitedGuardIT {

    @RegisterExtension
    final Children children = new Children();

    @ParameterizedTest
    @EnumSource
    void visitorThatWaitsWithoutACarrierGoesOutThoughAnotherWantsIn(Entry entry) throws Exception {
        children.command().onOneCarrier()
                .start(VisitedGuardChild.class, entry.name()).awaitExit(0);
    }
}
