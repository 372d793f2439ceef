package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.PosixException;
import org.jspecify.annotations.Nullable;

/// The lanes of a receiver in whose sockets descriptors of a record lie that has not come, and hold
/// up what lies behind them: bells, and the end.
///
/// A wait on such a socket would find it ready always. The kernel is asked for each arrival there
/// once instead, by a list of its own, which a wait or a set hears of like of a socket. There is
/// none without such lanes: a sender that means well is about to commit the record.
///
/// Used by one thread at a time, inside the inbox's guard.
final class HeldUp {

    private @Nullable Epoll epoll;
    private @Nullable Hearing hearing;
    private @Nullable Membership membership; // which is to hear of it
    private int count;

    /// Has a set hear of arrivals on sockets that come. There are none now.
    void join(@Nullable Membership joined) {
        membership = joined;
    }

    /// Takes a lane's socket in: it is told of once, as it is now, and then of each arrival.
    ///
    /// @return false if no descriptor can be had for that
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
        Hearing ofIt = new Hearing(opened.descriptor());
        epoll = opened;
        hearing = ofIt;
        if (membership != null) {
            ofIt.start(membership);
        }
        return opened;
    }

    /// Lets a lane's socket go. Comes before its close.
    void remove(Descriptor socket) {
        if (epoll != null) {
            epoll.remove(socket);
            count--;
            closeIfUnused();
        }
    }

    private void closeIfUnused() {
        if (epoll == null || hearing == null || count > 0) {
            return;
        }
        hearing.end();
        epoll.close();
        hearing = null;
        epoll = null;
    }

    /// Adds it to a wait.
    void addTo(PollSet set) {
        if (epoll != null) {
            set.add(epoll.descriptor(), PollSet.READABLE);
        }
    }

    /// Takes what it has told: a look at the lanes follows, and then only new arrivals count.
    void takeNews() {
        if (epoll != null) {
            // Senders that ring and ring must not keep us: the rest is notified again.
            for (int left = count; epoll.await(false) == Epoll.EVENTS && left >= Epoll.EVENTS;) {
                left -= Epoll.EVENTS;
            }
        }
    }
}
