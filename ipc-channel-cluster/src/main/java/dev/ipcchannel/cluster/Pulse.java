package dev.ipcchannel.cluster;

import dev.ipcchannel.internal.base.Log;
import io.nats.client.Connection;
import io.nats.client.Message;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The signs of life of a process of a cluster, and what it hears of those of others. Any thread.
///
/// Its own signs come back to it by the servers as well, and only times between two of these count
/// as silence of another process: not those in which this process was stopped, or cut off itself.
final class Pulse {

    /// A sign is sent each second; with a longer gap between two of its own, it heard nothing.
    private static final long DEAF_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Connection connection;
    private final String subject;
    private final Consumer<Duration> onReturn;
    private final Map<String, Long> heard = new ConcurrentHashMap<>(); // by id, in nanoseconds

    // By the thread that receives.
    private volatile long hearingSince = System.nanoTime();
    private volatile long lastOwn = hearingSince;

    /// @param subject of its own signs
    /// @param onReturn is given the length of a time in which nothing could be heard, after it
    Pulse(Connection connection, String subject, Consumer<Duration> onReturn) {
        this.connection = connection;
        this.subject = subject;
        this.onReturn = onReturn;
    }

    /// Hears its own signs and those of others from now on.
    ///
    /// @param others the subjects of their signs, which end with their ids
    void listen(String others) {
        var _ = connection.createDispatcher(this::receive).subscribe(subject).subscribe(others);
    }

    private void receive(Message sign) {
        if (sign.getSubject().equals(subject)) {
            own();
        } else {
            heard(sign.getSubject().substring(sign.getSubject().lastIndexOf('.') + 1));
        }
    }

    private void own() {
        long now = System.nanoTime();
        long gap = now - lastOwn;
        if (gap > DEAF_NANOS) {
            hearingSince = now; // first: see silence
            onReturn.accept(Duration.ofNanos(gap));
        }
        lastOwn = now;
    }

    /// Each second: sends a sign.
    void beat() {
        try {
            connection.publish(subject, new byte[0]);
        } catch (RuntimeException failure) { // the connection is away, or is closed
            Log.debug("a sign of life cannot be sent", failure);
        }
    }

    /// Another process has given a sign, by these or by something else.
    void heard(String id) {
        heard.put(id, System.nanoTime());
    }

    /// Counts the silence of a process from now on, unless it was heard before.
    void expect(String id) {
        heard.putIfAbsent(id, System.nanoTime());
    }

    /// For how long a process was silent while it could be heard; zero if it is not expected.
    Duration silence(String id) {
        long until = lastOwn; // before the other time: see own
        Long last = heard.get(id);
        return last == null ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, Math.min(until - last, until - hearingSince)));
    }

    /// Forgets those that were silent for longer than that.
    ///
    /// @param isNeeded those that are kept all the same
    void forget(Duration silence, Predicate<String> isNeeded) {
        heard.keySet().removeIf(
                id -> silence(id).compareTo(silence) > 0 && !isNeeded.test(id));
    }

    @Override
    public String toString() {
        return "Pulse[%s, heard=%d]".formatted(subject, heard.size());
    }
}
