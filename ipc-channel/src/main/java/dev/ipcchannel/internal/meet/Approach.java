package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.meet.NameLock.Found;
import dev.ipcchannel.internal.posix.Backoff;
import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Errno;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.posix.Users;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The way of a [Member] to those of the other role that it has found: all side by side, for a
/// while on the thread that opens the member, and then on one of its own, as long as both live. A
/// stopped process, whose queue of connections is full, is met when it goes on.
final class Approach {

    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 250_000_000;

    private final Member member;
    private final NameFolder folder;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Inside the lock.
    private final Map<String, Way> ways = new LinkedHashMap<>(); // of those that are to be met
    private boolean isAttended; // a thread is at work on them

    /// The way to one of them, kept for as long as there is a connection that it has led to: one
    /// that hangs up at once, each time, is tried ever more seldom. Used inside the lock.
    static final class Way {

        private final Found found;
        private final Backoff pauses = new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
        private long nextTry = System.nanoTime();
        private boolean isAhead; // no connection that was tried goes on

        Way(Found found) {
            this.found = found;
        }

        Found found() {
            return found;
        }

        private long leftNanos() {
            return Math.max(0, nextTry - System.nanoTime());
        }

        private void begin() {
            isAhead = false;
            nextTry = System.nanoTime() + pauses.nextNanos();
        }
    }

    Approach(Member member, NameFolder folder) {
        this.member = member;
        this.folder = folder;
    }

    /// Meets these, for as long as the deadline allows, and then without the caller.
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
                if (!isAnyAhead() && member.awaited().isEmpty()) {
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
        List<Long> silent = new ArrayList<>(member.awaited());
        ahead().forEach(way -> silent.add(pid(way.found)));
        Log.warning("processes that have a name open do not answer, and are met when they go on",
                "name=%s, pids=%s, waited=%s".formatted(folder.name(), silent,
                        ShownTime.of(Member.PATIENCE)));
    }

    /// Meets this one without the caller: it has registered meanwhile.
    void meetLater(Found other) {
        meetLater(new Way(other), false);
    }

    /// Meets one again without the caller, whose connection has ended. May be called again where it
    /// has failed.
    ///
    /// @param isFresh whether that connection was a good one
    void meetLater(Way way, boolean isFresh) {
        lock.lock();
        try {
            if (isFresh) {
                way.pauses.restart();
            }
            put(way);
            changed.signalAll();
            if (!isAttended) {
                goOn();
                isAttended = true; // then: there may be no memory for a thread
            }
        } finally {
            lock.unlock();
        }
    }

    /// Inside the lock.
    private void put(Way way) {
        way.isAhead = true;
        Way _ = ways.put(way.found.id(), way);
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
                } catch (InterruptedException | OutOfMemoryError _) { // nobody interrupts it
                    Pause.of(FIRST_PAUSE_NANOS);
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

    /// Inside the lock.
    private boolean isAnyAhead() {
        for (Way way : ways.values()) {
            if (way.isAhead) {
                return true;
            }
        }
        return false;
    }

    /// After how many nanoseconds one is to be tried; inside the lock.
    private long leftNanos() {
        long least = Long.MAX_VALUE;
        for (Way way : ways.values()) {
            least = way.isAhead ? Math.min(least, way.leftNanos()) : least;
        }
        return least;
    }

    private List<Way> ahead() {
        lock.lock();
        try {
            return ways.values().stream().filter(way -> way.isAhead).toList();
        } finally {
            lock.unlock();
        }
    }

    private List<Way> due() {
        lock.lock();
        try {
            return ways.values().stream().filter(way -> way.isAhead && way.leftNanos() == 0)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /// Something has become of a connection: its end, or an answer.
    void changed() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// It is ahead no more before it is tried: its connection may end, and bring it back, at once.
    private void approach(Way way) {
        lock.lock();
        try {
            way.begin();
        } finally {
            lock.unlock();
        }
        boolean isSettled = false;
        try {
            isSettled = member.knows(way.found.number()) || isSettled(way);
        } finally {
            note(way, isSettled);
        }
    }

    private void note(Way way, boolean isSettled) {
        lock.lock();
        try {
            way.isAhead |= !isSettled;
            if (!way.isAhead) {
                boolean _ = ways.remove(way.found.id(), way);
            }
        } finally {
            lock.unlock();
        }
    }

    /// @return whether it is connected, or gone
    private boolean isSettled(Way way) {
        Found found = way.found;
        Descriptor connection;
        try {
            connection = Sockets.connect(folder.socket(found.id()).toString(), Deadline.NOW);
        } catch (PosixException failure) {
            return switch (failure.errno()) {
                case Errno.EAGAIN -> false; // its queue is full
                case Errno.ECONNREFUSED, Errno.ENOENT -> !folder.isAlive(found.id());
                default -> isGivenUp(found, failure);
            };
        }
        boolean isTaken = false;
        try {
            if (Sockets.peer(connection).uid() != Users.effective()) {
                Log.warning("a socket of another user in the directory of names is passed over",
                        "path=" + folder.socket(found.id()));
                return true;
            }
            isTaken = true; // by the member, even where that fails
            return member.connected(connection, way);
        } finally {
            if (!isTaken) {
                Sockets.hangUp(connection);
            }
        }
    }

    /// What lies there is no member's socket, whoever has put it there: nobody else is hindered.
    ///
    /// @throws MeetingException if it is this process that has run out of something
    private boolean isGivenUp(Found found, PosixException failure) {
        Entry entry = found.entry();
        String who = "name=%s, pid=%d (%s)".formatted(folder.name(), pid(found),
                entry == null ? "" : Printable.of(entry.program()));
        if (failure.isExhaustion()) {
            throw folder.directory().failed("a member of a name is not reached: " + who, failure);
        }
        Log.warning("a process that has a name open is not met", who + ": "
                + failure.getMessage());
        return true;
    }

    private static long pid(Found found) {
        Entry entry = found.entry();
        return entry == null ? 0 : entry.pid();
    }
}
