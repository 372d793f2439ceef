package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.wait.Watcher;
import dev.ipcchannel.internal.wire.Greeting;
import dev.ipcchannel.internal.wire.Notice;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// The socket between two members of a name. Any thread may write to it or close it. Each use is
/// under a lock, because the number of a closed descriptor may be another one's.
final class Connection {

    private final Descriptor socket;
    private final Long token = MeetingThread.thread().newToken();
    private final ReentrantLock lock = new ReentrantLock();
    private boolean isWatched; // this and the next are guarded by the lock
    private boolean isClosed;

    /// Takes the socket over.
    Connection(Descriptor socket) {
        this.socket = socket;
    }

    /// Makes the thread on which this process meets others notify `reader` of arrivals.
    void watch(Watcher.Watched reader) {
        lock.lock();
        try {
            if (!isClosed) {
                MeetingThread.thread().watch(socket, Epoll.Interest.ARRIVALS, reader, token);
                isWatched = true;
            }
        } finally {
            lock.unlock();
        }
    }

    /// Makes the connection notify the reader again of present arrivals, after the arrivals of
    /// other sockets.
    void notifyAgain() {
        lock.lock();
        try {
            if (isWatched && !isClosed) {
                MeetingThread.thread().change(socket, Epoll.Interest.ARRIVALS, token);
            }
        } finally {
            lock.unlock();
        }
    }

    Packet.Receiving receive(Packet packet) {
        lock.lock();
        try {
            return isClosed ? Packet.Receiving.NOTHING : packet.receive(socket);
        } finally {
            lock.unlock();
        }
    }

    /// Sends a greeting, with what the other member needs.
    ///
    /// @param member the number of the greeting member
    /// @param offer writes what the other member needs, and returns false if there must be no
    /// greeting
    /// @return the outcome; [Packet.Sending#GONE] also if this connection is closed
    Packet.Sending greet(int kind, long member, long pid, Predicate<Transfer> offer) {
        Transfer transfer = new Transfer();
        try {
            return offer.test(transfer) ? send(kind, member, pid, transfer) : Packet.Sending.GONE;
        } finally {
            transfer.descriptors().forEach(Sockets::leave); // duplicates
        }
    }

    private Packet.Sending send(int kind, long member, long pid, Transfer transfer) {
        lock.lock();
        try {
            return isClosed ? Packet.Sending.GONE
                    : Greeting.send(socket, kind, member, pid, transfer);
        } finally {
            lock.unlock();
        }
    }

    Packet.Sending send(Notice notice) {
        lock.lock();
        try {
            return isClosed ? Packet.Sending.GONE : Greeting.send(socket, notice);
        } finally {
            lock.unlock();
        }
    }

    void refuse(String reason) {
        lock.lock();
        try {
            if (!isClosed) {
                Greeting.refuse(socket, reason);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends the connection for both sides, which are notified. It has still to be closed.
    void cut() {
        lock.lock();
        try {
            if (!isClosed) {
                Sockets.shutdown(socket);
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return isClosed;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            if (isClosed) {
                return;
            }
            isClosed = true;
            if (isWatched) {
                MeetingThread.thread().unwatch(socket, token);
            }
        } finally {
            lock.unlock();
        }
        Sockets.hangUp(socket); // no other thread uses it now
    }
}
