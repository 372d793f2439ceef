package dev.ipcchannel.cluster;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The counters of a node. Any thread may use them.
final class NodeCounts {

    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong cancelled = new AtomicLong();
    private final AtomicLong givenBack = new AtomicLong();
    private final AtomicLong quarantined = new AtomicLong();
    private final AtomicInteger kept = new AtomicInteger();

    /// A job has ended, and is kept until [#arrived].
    void ended(Ending ending) {
        kept.incrementAndGet();
        AtomicLong counter = switch (ending) {
            case Ending.Answered _,Ending.Done _ -> done;
            case Ending.Failed(Ending.Kind kind, _) when kind == Ending.Kind.CANCELLED -> cancelled;
            case Ending.Threw _,Ending.Died _,Ending.Failed _ -> failed;
        };
        counter.incrementAndGet();
    }

    /// The end of a job has arrived, or is not wanted any more.
    void arrived() {
        kept.decrementAndGet();
    }

    void givenBack() {
        givenBack.incrementAndGet();
    }

    void quarantined() {
        quarantined.incrementAndGet();
    }

    NodeStats stats(Hands hands, boolean isConnected, boolean isDraining) {
        return new NodeStats(hands.all(), hands.busy(), done.get(), failed.get(), cancelled.get(),
                givenBack.get(), quarantined.get(), kept.get(), isConnected, isDraining);
    }
}
