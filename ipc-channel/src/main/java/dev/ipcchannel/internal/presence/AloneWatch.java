package dev.ipcchannel.internal.presence;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Ticks;
import dev.ipcchannel.internal.receive.Inbox;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A watch on a receiver while it has no sender of its name, or while a stopped sender keeps a
/// leaving receiver: if a wait for a message lasts long, it logs the reason once. It looks from
/// time to time; the receiver does not know of it, and pays nothing.
///
/// Any thread may use it.
public final class AloneWatch {

    private static final long ALONE_NANOS = Deadline.LONG_WAIT.toNanos();

    private final Inbox inbox;
    private final Runnable warning;
    private final ReentrantLock lock = new ReentrantLock();

    // Inside the lock.
    private @Nullable Future<?> look; // null while it does not look
    private long since; // when the receiver was left alone
    // Parked in its set since then, with this number of messages; 0 if it is not.
    private long parkedSince;
    private long messages;

    /// @param warning logs the reason, on a thread that may wait
    public AloneWatch(Inbox inbox, Runnable warning) {
        this.inbox = inbox;
        this.warning = warning;
    }

    /// Begins to look: there is no sender, or one keeps the receiver.
    void begin() {
        lock.lock();
        try {
            end();
            since = System.nanoTime();
            parkedSince = 0;
            lookAfter(ALONE_NANOS);
        } finally {
            lock.unlock();
        }
    }

    /// Ends the looks: a sender has come, or the receiver is closed.
    void end() {
        lock.lock();
        try {
            Future<?> last = look;
            look = null;
            if (last != null) {
                boolean _ = last.cancel(false);
            }
        } finally {
            lock.unlock();
        }
    }

    private void lookAfter(long nanos) {
        look = Ticks.timer().schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        lock.lock();
        try {
            if (look == null) {
                return;
            }
            long now = System.nanoTime();
            long waited =
                    Math.min(now - since,
                            Math.max(inbox.counters().asleepNanos(), parkedNanos(now)));
            if (waited < ALONE_NANOS) {
                lookAfter(ALONE_NANOS - waited);
            } else {
                look = null; // it is logged once
                Thread _ = Thread.ofVirtual().name("ipc-channel wait").start(warning);
            }
        } finally {
            lock.unlock();
        }
    }

    /// For how long it has been parked in its set without a message, as far as two looks show.
    private long parkedNanos(long now) {
        long received = inbox.counters().messages();
        boolean isSame = parkedSince != 0 && received == messages;
        messages = received;
        if (!inbox.isParked()) {
            parkedSince = 0;
            return 0;
        }
        if (!isSame) {
            parkedSince = now | 1; // 0 is "not parked"
        }
        return now - parkedSince;
    }
}
