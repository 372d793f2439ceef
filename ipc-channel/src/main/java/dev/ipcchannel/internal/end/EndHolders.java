package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Users;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The processes to which a channel's ends have gone from here, or from which its receiver came:
/// whose end it most likely is when the other side is gone.
///
/// Of a sender that has sent, the kernel knows whose it was; a child that is killed before it has
/// sent leaves nothing behind but this. Any thread may use it.
public final class EndHolders {

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Peer> senders = new ArrayList<>(0); // which have not said that they are done
    private @Nullable Peer lost; // the last whose lane has ended without a word, or that took no client
    private @Nullable Peer closed; // whose lane was the last to end, if that was a child's, in order
    private @Nullable Peer server; // to which a sender has gone with a client's message
    private volatile @Nullable Peer receiver;
    private volatile boolean isOwn; // no other process has ever had a sender

    /// Those of a channel that this process makes, with both ends.
    public static EndHolders ofOwn() {
        EndHolders holders = new EndHolders();
        holders.isOwn = true;
        return holders;
    }

    /// A sender is about to leave this process.
    public void senderLeaves() {
        isOwn = false;
    }

    /// Whether no other process can have sent into this channel.
    public boolean isOwn() {
        return isOwn;
    }

    /// A sender has gone to a process, or is there.
    public void senderIsAt(@Nullable Peer there) {
        lock.lock();
        try {
            if (there != null && there.bootstrap() != null) {
                server = there;
            }
            if (there != null && there.isChild() && !senders.contains(there)) {
                // Of those that have ended, one is enough to be named.
                senders.removeIf(Peer::hasEnded);
                senders.add(there);
            }
        } finally {
            lock.unlock();
        }
    }

    /// The receiver has gone to a process.
    public void receiverIsAt(@Nullable Peer there) {
        receiver = there;
    }

    /// Where the receiver has gone; null if it has not, or to a process that is not known.
    @Nullable
    public Peer receiver() {
        return receiver;
    }

    /// A lane has come to its end.
    ///
    /// @param lane its socket
    public void laneEnded(Descriptor lane, boolean isInOrder) {
        lock.lock();
        try {
            if (isInOrder && senders.isEmpty()) {
                closed = null; // nothing hangs on who that was
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

    /// Whether a child may have had a sender to its end, or a server of which it is not known
    /// whether it got one.
    public boolean isAnySenderOpen() {
        lock.lock();
        try {
            Bootstrap way = server == null ? null : server.bootstrap();
            return !senders.isEmpty() || (way != null && !way.isAccepted());
        } finally {
            lock.unlock();
        }
    }

    /// The bootstrap by which a sender has left in a client's message; null if none has.
    @Nullable
    public Bootstrap bootstrap() {
        lock.lock();
        try {
            return server == null ? null : server.bootstrap();
        } finally {
            lock.unlock();
        }
    }

    /// This process's parent, where a sender has gone to it as it was connected to; null if none
    /// has.
    @Nullable
    public Peer parent() {
        lock.lock();
        try {
            return server != null && server.isParent() ? server : null;
        } finally {
            lock.unlock();
        }
    }

    /// The client was not accepted, so the end is its server's doing.
    public void clientIsRefused() {
        lock.lock();
        try {
            lost = server;
        } finally {
            lock.unlock();
        }
    }

    /// Whose end it is, now that every sender is gone: who has died, else a child that has ended,
    /// or has closed its own as the last one.
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
