package dev.ipcchannel.demo.parent;

import dev.ipcchannel.SendOutcome;
import java.time.Duration;
import java.util.Arrays;

/// Measures the channel: the round trip of a message when it is alone, then many messages at once.
final class Streaming {

    private static final int MAX_ROUND_TRIPS = 10_000;

    private final Ends ends;
    private final Duration timeout;

    Streaming(Ends ends, Duration timeout) {
        this.ends = ends;
        this.timeout = timeout;
    }

    /// Sends `count` messages of `size` bytes, after as many, but at most 10000, one by one.
    Event.Streamed run(int count, int size) throws InterruptedException {
        String message = "x".repeat(size);
        Event.RoundTrip roundTrip = roundTrips(message, Math.min(count, MAX_ROUND_TRIPS));

        long start = System.nanoTime();
        stream(message, count);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Event.Streamed(count, size, Math.round(count / seconds), roundTrip);
    }

    private Event.RoundTrip roundTrips(String message, int count) throws InterruptedException {
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            ends.requests().send(message, timeout);
            ends.replies().receive(timeout);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return new Event.RoundTrip(count, micros(nanos, 0.50), micros(nanos, 0.90),
                micros(nanos, 0.99), micros(nanos, 1));
    }

    /// Sends as long as there is room, and takes a reply when there is none: one thread does both,
    /// and the two full rings never wait for each other.
    private void stream(String message, int count) throws InterruptedException {
        int sent = 0;
        for (int received = 0; received < count; received++) {
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
