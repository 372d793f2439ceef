package dev.ipcchannel.demo.parent;

import dev.ipcchannel.SendOutcome;
import java.time.Duration;
import java.util.Arrays;

/// A measurement of the channel: the round trips of single messages, then many messages at once.
final class Streaming {

    private static final int MAX_ROUND_TRIPS = 10_000;

    private static final int STEP = 1000; // messages from one look at the progress to the next

    private final Ends ends;
    private final Duration timeout;
    private final ProgressLine progress;

    Streaming(Ends ends, Duration timeout, ProgressLine progress) {
        this.ends = ends;
        this.timeout = timeout;
        this.progress = progress;
    }

    /// Sends `count` messages of `size` bytes at once. Before that it sends as many, but at most
    /// 10000, one by one.
    Event.Streamed run(int count, int size) throws InterruptedException {
        String message = "x".repeat(size);
        Event.RoundTrip roundTrip = roundTrips(message, Math.min(count, MAX_ROUND_TRIPS));

        long start = System.nanoTime();
        stream(message, count);
        double seconds = (System.nanoTime() - start) / 1e9;
        Long rate = count < Event.Streamed.FEW ? null : Math.round(count / seconds);
        return new Event.Streamed(count, size, rate, roundTrip);
    }

    private Event.RoundTrip roundTrips(String message, int count) throws InterruptedException {
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            if (i % STEP == 0) {
                progress.show("round trips", i, count);
            }
            long start = System.nanoTime();
            ends.requests().send(message, timeout);
            ends.replies().receive(timeout);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return new Event.RoundTrip(count, micros(nanos, 0.50), micros(nanos, 0.90),
                micros(nanos, 0.99), micros(nanos, 1));
    }

    /// Sends while there is room, and takes a reply when there is none. One thread does both, so
    /// two full rings never wait for each other.
    private void stream(String message, int count) throws InterruptedException {
        int sent = 0;
        for (int received = 0; received < count; received++) {
            if (received % STEP == 0) {
                progress.show("streamed", received, count);
            }
            while (sent < count && ends.requests().trySend(message) == SendOutcome.SENT) {
                sent++;
            }
            ends.replies().receive(timeout);
        }
    }

    private static double micros(long[] sortedNanos, double quantile) {
        int rank = (int) Math.ceil(quantile * sortedNanos.length);
        return sortedNanos[Math.max(rank, 1) - 1] / 1e3;
    }
}
