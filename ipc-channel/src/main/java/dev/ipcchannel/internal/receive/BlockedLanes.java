package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.PosixException;
import org.jspecify.annotations.Nullable;

/// The lanes of a receiver with a blocked socket: the first packet there has descriptors of a
/// record that has not come, and blocks the bells and the end after it.
///
/// A wait on such a socket would always find it ready. So an epoll instance reports each arrival
/// there once, and a wait or a set waits on that instance as on a socket. It exists only while
/// there are such lanes: an honest sender is about to commit the record.
///
/// Used by one thread at a time, inside the inbox's guard.
final class BlockedLanes {

    private @Nullable Epoll epoll;
    private @Nullable EpollRegistration registration;
    private @Nullable Membership membership; // which it is to be registered with
    private int count;

    /// Sets the set for sockets that come. There are none now.
    void join(@Nullable Membership joined) {
        membership = joined;
    }

    /// Adds a lane's socket: it is reported once in its present state, and then for each arrival.
    ///
    /// @return false if there is no descriptor for that
    boolean add(Descriptor socket) {
        try {
            Epoll list = epoll;
            if (list == null) {
                list = open();
            }
            list.add(socket, Epoll.Interest.ARRIVALS, 0);
            count++;
            return true;
        } catch (PosixException _) {
            closeIfUnused();
            return false;
        }
    }

    private Epoll open() {
        Epoll opened = new Epoll();
        EpollRegistration ofIt = new EpollRegistration(opened.descriptor());
        epoll = opened;
        registration = ofIt;
        if (membership != null) {
            ofIt.start(membership);
        }
        return opened;
    }

    /// Removes a lane's socket. Called before its close.
    void remove(Descriptor socket) {
        if (epoll != null) {
            epoll.remove(socket);
            count--;
            closeIfUnused();
        }
    }

    private void closeIfUnused() {
        if (epoll == null || registration == null || count > 0) {
            return;
        }
        registration.end();
        epoll.close();
        registration = null;
        epoll = null;
    }

    /// Adds it to a wait.
    void addTo(PollSet set) {
        if (epoll != null) {
            set.add(epoll.descriptor(), PollSet.READABLE);
        }
    }

    /// Takes its events: a look at the lanes follows, and then only new arrivals count.
    void takeEvents() {
        if (epoll != null) {
            // Senders that ring without end must not keep this thread here: the rest is reported
            // again.
            for (int left = count; epoll.await(false) == Epoll.EVENTS && left >= Epoll.EVENTS;) {
                left -= Epoll.EVENTS;
            }
        }
    }
}
