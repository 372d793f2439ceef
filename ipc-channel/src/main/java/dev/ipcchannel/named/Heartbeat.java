package dev.ipcchannel.named;

import dev.ipcchannel.internal.base.Ticks;
import dev.ipcchannel.internal.presence.Beat;
import dev.ipcchannel.internal.presence.Subscribers;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A heartbeat of a [NamedReceiver], by which its senders know that it is ready. A [NamedService]
/// always has one.
///
/// Any thread may stop it. It ends with the close or [NamedReceiver#leave] of its receiver, and
/// with the process.
public final class Heartbeat implements AutoCloseable {

    private final Subscribers subscribers;
    private final Beat beat;
    private final ReentrantLock lock = new ReentrantLock(); // for the beat's memory
    private final AtomicBoolean isStopped = new AtomicBoolean();
    private final ScheduledFuture<?> beats;

    private Heartbeat(Subscribers subscribers, Beat beat) {
        this.subscribers = subscribers;
        this.beat = beat;
        long interval = beat.intervalNanos();
        // Not at a fixed rate: a process that was stopped would make up for all missed beats when
        // it goes on.
        this.beats = Ticks.timer().scheduleWithFixedDelay(this::beat, interval, interval,
                TimeUnit.NANOSECONDS);
    }

    /// Starts a heartbeat. Its first beat comes at once.
    ///
    /// @return null if the receiver has a heartbeat already
    static @Nullable Heartbeat start(Subscribers subscribers, long intervalNanos) {
        Beat beat = Beat.make(intervalNanos);
        Heartbeat started = null;
        try {
            beat.beat(); // first: notified senders look at it at once
            started = subscribers.start(beat) ? new Heartbeat(subscribers, beat) : null;
            return started;
        } finally {
            if (started == null) {
                end(subscribers, beat);
            }
        }
    }

    private static void end(Subscribers subscribers, Beat beat) {
        try {
            beat.end(); // first: the notification may come late, or not at all
            subscribers.stop(beat);
        } finally {
            beat.close();
        }
    }

    private void beat() {
        lock.lock();
        try {
            if (!isStopped.get()) {
                beat.beat();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Stops the heartbeat: at once, senders no longer see the receiver as ready. Does not wait.
    /// The second and later calls do nothing.
    public void stop() {
        if (isStopped.compareAndSet(false, true)) {
            boolean _ = beats.cancel(false);
            lock.lock(); // a beat may be running
            try {
                end(subscribers, beat);
            } finally {
                lock.unlock();
            }
        }
    }

    /// Whether the heartbeat goes on.
    public boolean isBeating() {
        return !isStopped.get();
    }

    /// Does what [#stop] does.
    @Override
    public void close() {
        stop();
    }

    @Override
    public String toString() {
        return "Heartbeat[%s]".formatted(isBeating() ? "beating" : "stopped");
    }
}
