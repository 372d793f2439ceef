package dev.ipcchannel.testkit;

import dev.ipcchannel.EndStats;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// The counts of one direction of a link. Any thread may use them.
final class LoopbackCounts {

    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong nanos = new AtomicLong();

    void add(int length) {
        messages.incrementAndGet();
        bytes.addAndGet(length);
    }

    void waited(long time) {
        nanos.addAndGet(time);
    }

    EndStats stats(int descriptors) {
        return new EndStats(messages.get(), bytes.get(), Duration.ofNanos(nanos.get()), 0, 0, 0, 0,
                descriptors, 0);
    }
}
