package dev.ipcchannel.benchmarks.worker;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// The loops that measure every contender alike, one for each process of each shape.
///
/// The inner loops are methods of their own, so that they are compiled whole and not while they
/// run. The first moments of a slice are not counted: the processors wake up.
final class Loops {

    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final ThreadMXBean THREADS =
            (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Link link;
    private final int batch;
    private final Histogram histogram = new Histogram(1, LONGEST_NANOS, 3);
    private long sequence;

    Loops(Link link) {
        this.link = link;
        this.batch = link.batch();
    }

    /// Round trips for `length` nanoseconds, each measured by two looks at the clock.
    Slice leadRoundTrips(long length) throws Exception {
        start();
        long settled = System.nanoTime() + SETTLE_NANOS;
        while (exchange(batch) - settled < 0) {
            histogram.reset();
        }
        histogram.reset();
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        long now;
        do {
            now = exchange(batch);
        } while (now - start < length);
        allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        link.stop();
        return new Slice(histogram.getTotalCount(), now - start,
                histogram.getValueAtPercentile(50), histogram.getValueAtPercentile(99), allocated);
    }

    private long exchange(int count) throws Exception {
        long after = 0;
        for (int i = 0; i < count; i++) {
            link.prepare();
            long before = System.nanoTime();
            link.exchange(sequence++);
            after = System.nanoTime();
            histogram.recordValue(after - before);
        }
        return after;
    }

    /// Answers until the leader says that the slice is over.
    Slice followRoundTrips() throws Exception {
        start();
        answer(batch);
        long start = System.nanoTime();
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long answered = 0;
        while (!link.isStopped()) {
            answered += answer(batch);
        }
        allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        return new Slice(answered, System.nanoTime() - start, 0, 0, allocated);
    }

    private int answer(int count) throws Exception {
        int answered = 0;
        while (answered < count && !link.isStopped()) {
            link.answer();
            answered++;
        }
        return answered;
    }

    /// Sends for `length` nanoseconds.
    Slice leadStream(long length) throws Exception {
        start();
        send(batch);
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        long before = sequence;
        while (System.nanoTime() - start < SETTLE_NANOS + length) {
            send(batch);
        }
        long nanos = System.nanoTime() - start;
        allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        link.stop();
        return new Slice(sequence - before, nanos, 0, 0, allocated);
    }

    private void send(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            link.send(sequence++);
        }
    }

    /// Receives until the leader says that the slice is over.
    Slice followStream() throws Exception {
        start();
        long settled = System.nanoTime() + SETTLE_NANOS;
        do {
            drain(batch);
        } while (System.nanoTime() - settled < 0 && !link.isStopped());
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        long received = 0;
        while (!link.isStopped()) {
            received += drain(batch);
        }
        long nanos = System.nanoTime() - start;
        allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        return new Slice(received, nanos, 0, 0, allocated);
    }

    private int drain(int count) throws Exception {
        int received = 0;
        while (received < count && !link.isStopped()) {
            received += link.drain();
        }
        return received;
    }

    /// How many messages the last slice had in all, also those that its figures leave out.
    long count() {
        return sequence;
    }

    private void start() {
        sequence = 0;
        histogram.reset();
        link.restart();
    }
}
