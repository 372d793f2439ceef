package dev.ipcchannel.named;

import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.meet.Notice;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Those that a member serves, receives from or hears: it says to them, and to those that come,
/// whether it beats, and asks them to let it go.
///
/// Any thread may use it.
final class Audience {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Counterpart> present = new HashSet<>(); // these inside the lock
    private final Set<Counterpart> met = new HashSet<>(); // those among them that can be spoken to
    private final Set<Counterpart> greeted = new HashSet<>(); // that may have taken this member up
    private @Nullable Beat beat;
    private @Nullable AloneWatch watch;
    private boolean isLeaving;
    private boolean isOver;

    /// One is about to be greeted, and may take this member up without an answer that it is heard
    /// of: a leave waits for it.
    ///
    /// @return false if this member is leaving
    boolean greet(Counterpart counterpart) {
        lock.lock();
        try {
            return !isLeaving && (present.contains(counterpart) || greeted.add(counterpart));
        } finally {
            lock.unlock();
        }
    }

    /// One more comes, and counts from now on: a leave waits for it.
    ///
    /// @return false if this member is leaving, unless that one has taken it up already, or closed
    boolean admit(Counterpart counterpart) {
        lock.lock();
        try {
            boolean isGreeted = greeted.remove(counterpart);
            return !isOver && (isGreeted || !isLeaving) && add(counterpart);
        } finally {
            lock.unlock();
        }
    }

    private boolean add(Counterpart counterpart) {
        boolean isNew = present.add(counterpart);
        AloneWatch alone = watch;
        if (alone != null) {
            alone.end();
        }
        return isNew;
    }

    /// One more can be spoken to: before that it would take each word for a wrong welcome.
    void join(Counterpart counterpart) {
        lock.lock();
        try {
            if (isOver) {
                return;
            }
            boolean _ = add(counterpart);
            boolean _ = met.add(counterpart);
            Beat current = beat;
            if (isLeaving) {
                counterpart.send(Notice.leave());
            } else if (current != null) {
                say(counterpart, current);
            }
        } finally {
            lock.unlock();
        }
    }

    private static void say(Counterpart counterpart, Beat beat) {
        counterpart.send(Notice.beats(beat.intervalNanos(), beat.file()));
    }

    /// Has the waits of this member looked at from now on, whenever nobody is there.
    void watch(AloneWatch alone) {
        lock.lock();
        try {
            watch = alone;
            watchIfAlone();
        } finally {
            lock.unlock();
        }
    }

    private void watchIfAlone() {
        AloneWatch alone = watch;
        if (alone != null && present.isEmpty() && !isLeaving) {
            alone.begin();
        }
    }

    /// One is gone, if it was there.
    void part(Counterpart counterpart) {
        lock.lock();
        try {
            boolean wasThere = present.remove(counterpart);
            boolean _ = met.remove(counterpart);
            boolean _ = greeted.remove(counterpart);
            changed.signalAll();
            if (wasThere) {
                watchIfAlone();
            }
        } finally {
            lock.unlock();
        }
    }

    /// How many are there.
    int count() {
        lock.lock();
        try {
            return present.size();
        } finally {
            lock.unlock();
        }
    }

    /// Says to all, and to those that come, that this member beats.
    ///
    /// @return false if it beats already
    boolean start(Beat started) {
        lock.lock();
        try {
            if (beat != null) {
                return false;
            }
            beat = started;
            met.forEach(counterpart -> say(counterpart, started));
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Says to all that this member beats no more, if it is that heart that beats.
    void stop(Beat stopped) {
        lock.lock();
        try {
            if (stopped.equals(beat)) {
                beat = null;
                met.forEach(counterpart -> counterpart.send(Notice.stopped()));
            }
        } finally {
            lock.unlock();
        }
    }

    /// Asks all to let this member go, and waits until they have; none is admitted from now on.
    ///
    /// @return how many have not, in that time
    int leave(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            isLeaving = true;
            met.forEach(counterpart -> counterpart.send(Notice.leave()));
            long left = nanos;
            while (left > 0 && count() + greeted.size() > 0) {
                left = changed.awaitNanos(left);
            }
            return count() + greeted.size();
        } finally {
            lock.unlock();
        }
    }

    /// None is there any more, and none is admitted: this member was closed, and its connections
    /// with it.
    void end() {
        lock.lock();
        try {
            isLeaving = true;
            isOver = true;
            AloneWatch last = watch;
            if (last != null) {
                last.end();
            }
            present.clear();
            met.clear();
            greeted.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
