package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Users;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The processes to which a channel's ends have gone from here, or from which its receiver came.
/// They show which process is likely at fault when the other side is gone.
///
/// For a sender that has sent, the kernel knows the process. A child that is killed before it has
/// sent leaves no other trace than this. Any thread may use it.
public final class EndHolders {

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Peer> senders = new ArrayList<>(0); // those that have not closed in order
    private @Nullable Peer lost; // the last whose lane was cut off, or that refused the client
    private @Nullable Peer closed; // a child whose lane was the last to end, if it ended in order
    private @Nullable Peer server; // to which a sender has gone in a client's message
    private volatile @Nullable Peer receiver;
    private volatile boolean isOwn; // no other process has ever had a sender

    /// The holders of a channel that this process makes, with both ends.
    public static EndHolders ofOwn() {
        EndHolders holders = new EndHolders();
        holders.isOwn = true;
        return holders;
    }

    /// Notes that a sender is about to leave this process.
    public void senderLeaves() {
        isOwn = false;
    }

    /// Whether no other process can have sent into this channel.
    public boolean isOwn() {
        return isOwn;
    }

    /// Notes that a process has a sender, or is about to get one.
    public void senderIsAt(@Nullable Peer there) {
        lock.lock();
        try {
            if (there != null && there.bootstrap() != null) {
                server = there;
            }
            if (there != null && there.isChild() && !senders.contains(there)) {
                // Of the children that have ended, one is enough to be named.
                senders.removeIf(Peer::hasEnded);
                senders.add(there);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Notes that the receiver has gone to a process.
    public void receiverIsAt(@Nullable Peer there) {
        receiver = there;
    }

    /// The process that has the receiver; null if it has not moved, or if that process is not
    /// known.
    @Nullable
    public Peer receiver() {
        return receiver;
    }

    /// Notes that a lane has ended.
    ///
    /// @param lane the lane's socket
    public void laneEnded(Descriptor lane, boolean isInOrder) {
        lock.lock();
        try {
            if (isInOrder && senders.isEmpty()) {
                closed = null; // no message needs its name
                return;
            }
            Peer writer = Peer.of(lane);
            if (!isInOrder && writer.pid() != 0 && writer.pid() != Users.ownPid()) {
                lost = writer;
            }
            boolean wasOpen = senders.remove(writer);
            closed = isInOrder && wasOpen ? writer : null;
        } finally {
            lock.unlock();
        }
    }

    /// Whether a child may still have a sender, or a server has been sent one and has not accepted
    /// its client yet.
    public boolean isAnySenderOpen() {
        lock.lock();
        try {
            Bootstrap way = server == null ? null : server.bootstrap();
            return !senders.isEmpty() || (way != null && !way.isAccepted());
        } finally {
            lock.unlock();
        }
    }

    /// The bootstrap by which a sender has left in a client's message; null if no sender has.
    @Nullable
    public Bootstrap bootstrap() {
        lock.lock();
        try {
            return server == null ? null : server.bootstrap();
        } finally {
            lock.unlock();
        }
    }

    /// This process's parent, if a sender has gone to it in the message of the connection to it;
    /// else null.
    @Nullable
    public Peer parent() {
        lock.lock();
        try {
            return server != null && server.isParent() ? server : null;
        } finally {
            lock.unlock();
        }
    }

    /// Notes that the server has refused the client, so that the server is the one to name.
    public void clientIsRefused() {
        lock.lock();
        try {
            lost = server;
        } finally {
            lock.unlock();
        }
    }

    /// The process to name when every sender is gone: a process that died, else a child that has
    /// ended, or else the child that closed its sender last.
    @Nullable
    public Peer lastSender() {
        lock.lock();
        try {
            if (lost != null || senders.isEmpty()) {
                return lost != null ? lost : closed;
            }
            return senders.stream().filter(Peer::hasEnded).findFirst().orElseGet(senders::getLast);
        } finally {
            lock.unlock();
        }
    }
}
