package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.Backoff;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Errno;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.posix.Users;

/// The way of a [Member] to another member that was found. It is kept as long as the connection
/// exists to which it has led: a member that hangs up at once each time is tried ever more rarely.
///
/// The [Approach] decides when it is tried, inside its lock.
final class Way {

    /// The life of a good connection: after such a one the next try comes at once.
    private static final long GOOD_NANOS = 10_000_000_000L;

    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 250_000_000;

    private final Found found;
    private final Backoff pauses = new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
    private long nextTry = System.nanoTime();
    private volatile boolean isMet; // by the last connection
    private volatile long metSince;
    private boolean isAhead; // whether it has to be tried

    Way(Found found) {
        this.found = found;
    }

    Found found() {
        return found;
    }

    /// The process by its entry; 0 if it is not known.
    long pid() {
        Entry entry = found.entry();
        return entry == null ? 0 : entry.pid();
    }

    boolean isAhead() {
        return isAhead;
    }

    /// Notes that it has to be tried: for the first time, or again because its connection has
    /// ended.
    void putAhead() {
        if (isMet && System.nanoTime() - metSince > GOOD_NANOS) {
            pauses.restart();
        }
        isAhead = true;
    }

    /// Notes that the other member was met by the last connection. Called outside of the lock.
    void noteMet() {
        metSince = System.nanoTime();
        isMet = true;
    }

    boolean isDue() {
        return isAhead && leftNanos() == 0;
    }

    /// The nanoseconds until the next try, if it is ahead.
    long leftNanos() {
        return Math.max(0, nextTry - System.nanoTime());
    }

    /// Notes that it is about to be tried. This comes before the try, because its connection may
    /// end, and put it ahead again, at once.
    void begin() {
        isAhead = false;
        isMet = false;
        nextTry = System.nanoTime() + pauses.nextNanos();
    }

    /// Tries it. Called outside of the lock.
    ///
    /// @return whether the two are connected, or the other member is gone
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
            isTaken = true; // by the member, even if that fails
            return member.connections().connected(connection, this);
        } finally {
            if (!isTaken) {
                Sockets.hangUp(connection);
            }
        }
    }

    /// Handles a file that is not a member's socket: the others are still met.
    ///
    /// @throws MeetingException if this process has run out of a resource
    private boolean isGivenUp(NameFolder folder, PosixException failure) {
        Entry entry = found.entry();
        String member = "name=%s, %s".formatted(folder.name(),
                entry == null ? "pid=0" : entry.shownProcess());
        if (failure.isExhaustion()) {
            throw folder.directory().failed("a member of a name is not reached: " + member,
                    failure);
        }
        Log.warning("a process that has a name open is not met", member + ": "
                + failure.getMessage());
        return true;
    }
}
