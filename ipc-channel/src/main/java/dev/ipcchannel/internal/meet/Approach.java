package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.posix.Pause;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The approach of a [Member] to the members of the other role that it has found. All are tried in
/// parallel: for a while on the thread that opens the member, then on a thread of its own, as long
/// as both live. A stopped process, whose queue of connections is full, is met when it continues.
final class Approach {

    private static final long PAUSE_NANOS = 1_000_000;

    private final Member member;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Inside the lock: to the members that are still to be met.
    private final Map<String, Way> ways = new LinkedHashMap<>();
    private boolean isAttended; // whether a thread works on them

    Approach(Member member) {
        this.member = member;
    }

    /// Meets these members on the calling thread until the deadline, and then on another.
    void meet(List<Found> others, Deadline deadline) throws InterruptedException {
        lock.lock();
        try {
            isAttended = true;
            others.forEach(other -> put(new Way(other)));
        } finally {
            lock.unlock();
        }
        boolean isDone = false;
        try {
            isDone = isDoneBy(deadline);
        } finally {
            leave();
        }
        if (!isDone) {
            warn();
        }
    }

    private boolean isDoneBy(Deadline deadline) throws InterruptedException {
        while (true) {
            due().forEach(this::approach);
            lock.lock();
            try {
                if (!isAnyAhead() && member.connections().awaited().isEmpty()) {
                    return true;
                }
                long left = deadline.remainingNanos();
                if (left == 0) {
                    return false;
                }
                boolean _ = changed.await(Math.min(left, leftNanos()), TimeUnit.NANOSECONDS);
            } finally {
                lock.unlock();
            }
        }
    }

    private void warn() {
        List<Long> silent = new ArrayList<>(member.connections().awaited());
        ahead().forEach(way -> silent.add(way.pid()));
        Log.warning("processes that have a name open do not answer, and are met when they go on",
                "name=%s, pids=%s, waited=%s: let them go on if they are stopped, or end them"
                        .formatted(member.name(), silent, ShownTime.of(NameFolder.PATIENCE)));
    }

    /// Meets a member on another thread, because it has registered meanwhile.
    void meetLater(Found other) {
        meetLater(new Way(other));
    }

    /// Meets a member again on another thread, because its connection has ended. May be called
    /// again after a failure.
    void meetLater(Way way) {
        lock.lock();
        try {
            put(way);
            changed.signalAll();
            if (!isAttended) {
                goOn();
                isAttended = true; // afterwards: there may be no memory for a thread
            }
        } finally {
            lock.unlock();
        }
    }

    /// Called inside the lock.
    private void put(Way way) {
        way.putAhead();
        Way _ = ways.put(way.found().id(), way);
    }

    private void leave() {
        lock.lock();
        try {
            isAttended = false;
            if (isAnyAhead() && !member.isWithdrawn()) {
                goOn();
                isAttended = true;
            }
        } finally {
            lock.unlock();
        }
    }

    private void goOn() {
        Thread.ofVirtual().name("ipc-channel approach").start(() -> {
            while (!isOver()) {
                try {
                    awaitDue();
                    due().forEach(this::approachOrSay);
                } catch (InterruptedException | OutOfMemoryError _) { // no thread interrupts it
                    Pause.of(PAUSE_NANOS);
                }
            }
        });
    }

    private void awaitDue() throws InterruptedException {
        lock.lock();
        try {
            for (long left = leftNanos(); left > 0 && !member.isWithdrawn(); left = leftNanos()) {
                boolean _ = changed.await(left, TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private void approachOrSay(Way way) {
        try {
            approach(way);
        } catch (RuntimeException | OutOfMemoryError failure) {
            Log.warningOfPeer("a process that has a name open is not met yet", failure);
        }
    }

    private boolean isOver() {
        lock.lock();
        try {
            boolean isOver = !isAnyAhead() || member.isWithdrawn();
            isAttended = !isOver;
            return isOver;
        } finally {
            lock.unlock();
        }
    }

    /// Called inside the lock.
    private boolean isAnyAhead() {
        for (Way way : ways.values()) {
            if (way.isAhead()) {
                return true;
            }
        }
        return false;
    }

    /// The nanoseconds until the next try; called inside the lock.
    private long leftNanos() {
        long least = Long.MAX_VALUE;
        for (Way way : ways.values()) {
            least = way.isAhead() ? Math.min(least, way.leftNanos()) : least;
        }
        return least;
    }

    private List<Way> ahead() {
        lock.lock();
        try {
            return ways.values().stream().filter(Way::isAhead).toList();
        } finally {
            lock.unlock();
        }
    }

    private List<Way> due() {
        lock.lock();
        try {
            return ways.values().stream().filter(Way::isDue).toList();
        } finally {
            lock.unlock();
        }
    }

    /// Notes a change of a connection: its end, or an answer.
    void changed() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void approach(Way way) {
        lock.lock();
        try {
            way.begin();
        } finally {
            lock.unlock();
        }
        boolean isSettled = false;
        try {
            isSettled = member.connections().has(way.found().number())
                    || way.isSettled(member);
        } finally {
            note(way, isSettled);
        }
    }

    private void note(Way way, boolean isSettled) {
        lock.lock();
        try {
            if (!isSettled) {
                way.putAhead();
            }
            if (!way.isAhead()) {
                boolean _ = ways.remove(way.found().id(), way);
            }
        } finally {
            lock.unlock();
        }
    }
}
