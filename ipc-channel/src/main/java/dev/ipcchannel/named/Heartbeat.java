package dev.ipcchannel.named;

import dev.ipcchannel.internal.presence.Beat;
import dev.ipcchannel.internal.presence.Subscribers;
import dev.ipcchannel.internal.presence.Ticks;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The heartbeat of a [NamedReceiver], by which its senders know that it is ready; or of a
/// [NamedService], which has one of its own.
///
/// Any thread may stop it. It ends with the close or [NamedReceiver#leave] of its receiver, and
/// with the process.
public final class Heartbeat implements AutoCloseable {

    private final Subscribers subscribers;
    private final Beat beat;
    private final ReentrantLock lock = new ReentrantLock(); // of the beat's memory
    private final AtomicBoolean isStopped = new AtomicBoolean();
    private final ScheduledFuture<?> beats;

    private Heartbeat(Subscribers subscribers, Beat beat) {
        this.subscribers = subscribers;
        this.beat = beat;
        long interval = beat.intervalNanos();
        // By the delay: a process that was stopped would beat for all of that time when it goes on.
        this.beats = Ticks.timer().scheduleWithFixedDelay(this::beat, interval, interval,
                TimeUnit.NANOSECONDS);
    }

    /// Starts one, whose first beat comes at once.
    ///
    /// @return null if the receiver beats already
    static @Nullable Heartbeat start(Subscribers subscribers, long intervalNanos) {
        Beat beat = Beat.make(intervalNanos);
        Heartbeat started = null;
        try {
            beat.beat(); // first: those who are notified look at it at once
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
            beat.end(); // first: the word that says so may come late, or not at all
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

    /// Ends it: senders do not take the receiver for ready any more, at once. Does not wait. The
    /// second and later calls do nothing.
    public void stop() {
        if (isStopped.compareAndSet(false, true)) {
            boolean _ = beats.cancel(false);
            lock.lock(); // a beat may be in it
            try {
                end(subscribers, beat);
            } finally {
                lock.unlock();
            }
        }
    }

    /// Whether it beats.
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
