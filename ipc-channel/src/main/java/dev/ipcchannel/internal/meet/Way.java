package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.Backoff;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Errno;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.posix.Users;

/// The way of a [Member] to one other that was found, kept for as long as there is a connection
/// that it has led to: one that hangs up at once, each time, is tried ever more seldom.
///
/// When it is tried is the [Approach]'s to say, inside its lock.
final class Way {

    /// A connection that has held so long was a good one: the next is tried at once.
    private static final long GOOD_NANOS = 10_000_000_000L;

    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 250_000_000;

    private final Found found;
    private final Backoff pauses = new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
    private long nextTry = System.nanoTime();
    private volatile boolean isMet; // by the connection that was made last
    private volatile long metSince;
    private boolean isAhead; // no connection that was tried goes on

    Way(Found found) {
        this.found = found;
    }

    Found found() {
        return found;
    }

    /// The process as its entry has it; 0 where that says nothing.
    long pid() {
        Entry entry = found.entry();
        return entry == null ? 0 : entry.pid();
    }

    boolean isAhead() {
        return isAhead;
    }

    /// It is to be tried: for the first time, or again, since it has not gone on.
    void putAhead() {
        if (isMet && System.nanoTime() - metSince > GOOD_NANOS) {
            pauses.restart();
        }
        isAhead = true;
    }

    /// The other one is met, by the connection that was made last. Outside of the lock.
    void noteMet() {
        metSince = System.nanoTime();
        isMet = true;
    }

    boolean isDue() {
        return isAhead && leftNanos() == 0;
    }

    /// After how many nanoseconds it is to be tried, if it is ahead.
    long leftNanos() {
        return Math.max(0, nextTry - System.nanoTime());
    }

    /// It is ahead no more before it is tried: its connection may end, and bring it back, at once.
    void begin() {
        isAhead = false;
        isMet = false;
        nextTry = System.nanoTime() + pauses.nextNanos();
    }

    /// Tries it. Outside of the lock.
    ///
    /// @return whether the two are connected, or the other one is gone
    boolean isSettled(Member member) {
        NameFolder folder = member.folder();
        String socket = folder.socket(found.id()).toString();
        Descriptor connection;
        try {
            connection = Sockets.connect(socket, Deadline.NOW);
        } catch (PosixException failure) {
            return switch (failure.errno()) {
                case Errno.EAGAIN -> false; // its queue is full
                case Errno.ECONNREFUSED, Errno.ENOENT -> !folder.isAlive(found.number());
                default -> isGivenUp(folder, failure);
            };
        }
        return isHandedOver(connection, socket, member);
    }

    private boolean isHandedOver(Descriptor connection, String socket, Member member) {
        boolean isTaken = false;
        try {
            if (Sockets.peer(connection).uid() != Users.effective()) {
                Log.warning("a socket of another user in the directory of names is passed over",
                        "path=" + socket);
                return true;
            }
            isTaken = true; // by the member, even where that fails
            return member.connections().connected(connection, this);
        } finally {
            if (!isTaken) {
                Sockets.hangUp(connection);
            }
        }
    }

    /// What lies there is no member's socket: the others are met all the same.
    ///
    /// @throws MeetingException if it is this process that has run out of something
    private boolean isGivenUp(NameFolder folder, PosixException failure) {
        Entry entry = found.entry();
        String who = "name=%s, %s".formatted(folder.name(),
                entry == null ? "pid=0" : entry.shownProcess());
        if (failure.isExhaustion()) {
            throw folder.directory().failed("a member of a name is not reached: " + who, failure);
        }
        Log.warning("a process that has a name open is not met", who + ": "
                + failure.getMessage());
        return true;
    }
}
