package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.meet.NameLock.Found;
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
    private final Map<String, Found> ahead = new LinkedHashMap<>(); // with whom there is no connection
    private boolean isAttended; // a thread is at work on them

    Approach(Member member, NameFolder folder) {
        this.member = member;
        this.folder = folder;
    }

    /// Meets these, for as long as the deadline allows, and then without the caller.
    void meet(List<Found> others, Deadline deadline) throws InterruptedException {
        lock.lock();
        try {
            isAttended = true;
            others.forEach(other -> ahead.put(other.id(), other));
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
        long pause = FIRST_PAUSE_NANOS;
        while (true) {
            ahead().forEach(this::approach);
            lock.lock();
            try {
                if (ahead.isEmpty() && member.awaited().isEmpty()) {
                    return true;
                }
                long left = deadline.remainingNanos();
                if (left == 0) {
                    return false;
                }
                boolean _ = changed.await(ahead.isEmpty() ? left : Math.min(left, pause),
                        TimeUnit.NANOSECONDS);
            } finally {
                lock.unlock();
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
    }

    private void warn() {
        List<Long> silent = new ArrayList<>(member.awaited());
        ahead().forEach(found -> silent.add(pid(found)));
        Log.warning("processes that have a name open do not answer, and are met when they go on",
                "name=%s, pids=%s, waited=%s".formatted(folder.name(), silent,
                        ShownTime.of(Member.PATIENCE)));
    }

    /// Meets this one without the caller: it has hung up without an answer, or its queue was
    /// closed.
    void meetLater(Found other) {
        boolean isMine;
        lock.lock();
        try {
            ahead.put(other.id(), other);
            isMine = !isAttended;
            isAttended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (isMine) {
            goOn();
        }
    }

    private void leave() {
        boolean isLeft;
        lock.lock();
        try {
            isLeft = !ahead.isEmpty() && !member.isWithdrawn();
            isAttended = isLeft;
        } finally {
            lock.unlock();
        }
        if (isLeft) {
            goOn();
        }
    }

    private void goOn() {
        Thread.ofVirtual().name("ipc-channel approach").start(() -> {
            long pause = FIRST_PAUSE_NANOS;
            while (!isOver()) {
                Pause.of(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
                for (Found found : ahead()) {
                    try {
                        approach(found);
                    } catch (RuntimeException | OutOfMemoryError failure) {
                        Log.warningOfPeer("a process that has a name open is not met yet", failure);
                    }
                }
            }
        });
    }

    private boolean isOver() {
        lock.lock();
        try {
            boolean isOver = ahead.isEmpty() || member.isWithdrawn();
            isAttended = !isOver;
            return isOver;
        } finally {
            lock.unlock();
        }
    }

    private List<Found> ahead() {
        lock.lock();
        try {
            return List.copyOf(ahead.values());
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

    /// Takes it off the list first: its connection may end, and bring it back, at once.
    private void approach(Found found) {
        put(found, false);
        boolean isSettled = false;
        try {
            isSettled = member.knows(found.number()) || isSettled(found);
        } finally {
            if (!isSettled) {
                put(found, true);
            }
        }
    }

    private void put(Found found, boolean isAhead) {
        lock.lock();
        try {
            if (isAhead) {
                Found _ = ahead.put(found.id(), found);
            } else {
                Found _ = ahead.remove(found.id());
            }
        } finally {
            lock.unlock();
        }
    }

    /// @return whether it is connected, or gone
    private boolean isSettled(Found found) {
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
            return member.connected(connection, found);
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
