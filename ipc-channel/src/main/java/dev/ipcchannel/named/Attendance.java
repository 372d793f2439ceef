package dev.ipcchannel.named;

import dev.ipcchannel.internal.lane.LaneException;
import dev.ipcchannel.internal.lane.Outbox;
import dev.ipcchannel.internal.lane.Peer;
import dev.ipcchannel.internal.lane.Share;
import dev.ipcchannel.internal.lane.Transfer;
import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.meet.Notice;
import dev.ipcchannel.internal.meet.Role;
import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.send.Group;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The role of a sender by name: it takes receivers into its group, and knows which of them are
/// there and which are ready.
final class Attendance implements Role {

    private final Group group;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Counterpart, Share> present = new HashMap<>(); // these inside the lock
    private final Hearts hearts = new Hearts();
    private boolean isOver;

    Attendance(Group group) {
        this.group = group;
        group.onDrop((receiver, _) -> part(receiver));
    }

    /// The group has let a receiver go that is there: it is one no more, and hears of it.
    private void part(Share receiver) {
        Counterpart dropped = null;
        lock.lock();
        try {
            for (Map.Entry<Counterpart, Share> one : present.entrySet()) {
                if (one.getValue().equals(receiver)) {
                    dropped = one.getKey();
                }
            }
        } finally {
            lock.unlock();
        }
        if (dropped != null) {
            part(dropped); // at once: those that wait are not to count it
            dropped.cut();
        }
    }

    @Override
    public String word() {
        return "sender";
    }

    @Override
    public String counterpartWord() {
        return "receiver";
    }

    @Override
    public boolean offer(Counterpart counterpart, Transfer transfer) {
        return true; // a sender has nothing that a receiver needs
    }

    @Override
    public @Nullable String takeUp(Counterpart counterpart, Transfer offered) {
        try {
            Outbox outbox = Outbox.importFrom(offered, new Peer(counterpart.pid()));
            Share share = outbox.share();
            note(counterpart, share); // first: the group may let it go at once
            if (!group.join(share)) {
                part(counterpart);
                return ENDS;
            }
            return null;
        } catch (LaneException refused) {
            return Opening.refusal(refused);
        }
    }

    private void note(Counterpart counterpart, Share share) {
        lock.lock();
        try {
            Share _ = present.put(counterpart, share);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void met(Counterpart counterpart) {
        // It is in the group already.
    }

    @Override
    public void hear(Counterpart counterpart, Notice notice) {
        lock.lock();
        try {
            hearts.hear(counterpart, notice, !isOver);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void part(Counterpart counterpart) {
        Share share;
        lock.lock();
        try {
            share = present.remove(counterpart);
            hearts.forget(counterpart);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (share != null) {
            group.leave(share, "the receiver has left");
        }
    }

    /// How many receivers are there.
    int count() {
        lock.lock();
        try {
            return present.size();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until so many receivers are there.
    ///
    /// @return false if the deadline came first
    boolean awaitPresent(int count, Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (present.size() < count) {
                if (isOver || deadline.isPast()) {
                    return false;
                }
                boolean _ = changed.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until so many receivers are ready: there, and with a heart that beats.
    ///
    /// @return false if the deadline came first
    boolean awaitReady(int count, Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (hearts.young() < count) {
                if (isOver || deadline.isPast()) {
                    return false;
                }
                long nanos = Math.min(deadline.remainingNanos(), hearts.shortestHaltedInterval());
                boolean _ = changed.await(nanos, TimeUnit.NANOSECONDS);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Ends all waits.
    void end() {
        lock.lock();
        try {
            isOver = true;
            hearts.forgetAll();
            present.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
