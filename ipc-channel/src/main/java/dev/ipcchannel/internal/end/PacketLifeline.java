package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.GoAway;
import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.base.Lifelines;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.wait.Watcher;
import dev.ipcchannel.internal.wire.LanePacket;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The connection of a handshake, kept as a lifeline. The first word on it is the server's: that
/// the client is accepted, or why not. Then the connection of a client that is not accepted ends,
/// except that of a refused child, because a refused child must not outlive its parent either.
///
/// The watcher's thread reads the connection and closes it at its end. Any thread may use it.
public final class PacketLifeline extends Lifeline implements Watcher.Watched {

    private final Descriptor connection;
    private final Long token = Watcher.instance().newToken();
    // Guards the connection, until it is closed.
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean isAccepted; // this and the next three are written inside the lock
    private volatile boolean isOver;
    private volatile @Nullable Refusal refusal;
    private volatile boolean isToEnd; // the refusal ends the connection, not the other process
    private @Nullable Deadline deciding; // until when, once a thread waits for the first word
    private boolean isClosed;

    private PacketLifeline(Descriptor connection, boolean isAccepted) {
        this.connection = connection;
        this.isAccepted = isAccepted;
    }

    /// The lifeline of a client that has sent its greeting: the server has not decided yet. Takes
    /// the connection over, unless it fails.
    public static PacketLifeline ofClient(Descriptor connection) {
        return kept(new PacketLifeline(connection, false));
    }

    /// The lifeline of a server to the client that it accepts. Takes the connection over, unless it
    /// fails.
    public static PacketLifeline ofServer(Descriptor connection) {
        return kept(new PacketLifeline(connection, true));
    }

    /// The lifeline of a parent to a child that it refuses; sends the child the reason. Takes the
    /// connection over, unless it fails.
    ///
    /// @return null if the child is gone
    public static @Nullable PacketLifeline ofRefused(Descriptor connection, Refusal why) {
        PacketLifeline lifeline = kept(new PacketLifeline(connection, true));
        if (lifeline.refuse(why)) {
            return lifeline;
        }
        lifeline.drop(); // else a child without a refusal would wait for one
        return null;
    }

    private static PacketLifeline kept(PacketLifeline lifeline) {
        Lifelines.add(lifeline); // before the watch: the connection may end at once
        try {
            Watcher.instance().watch(lifeline.connection, Epoll.Interest.ARRIVALS, lifeline,
                    lifeline.token);
            return lifeline;
        } catch (RuntimeException | Error failure) {
            Lifelines.remove(lifeline);
            throw failure;
        }
    }

    /// Whether the server has accepted this client, as far as this process has read.
    boolean isAccepted() {
        return isAccepted;
    }

    /// Whether the server has finished with this client without accepting it. Asks the kernel until
    /// the answer is known.
    boolean isTurnedAway() {
        if (isAccepted) {
            return false;
        }
        read(false);
        return (isOver || refusal != null) && !isAccepted;
    }

    /// The time by which the server's decision has to come: `patience` after the first call.
    Deadline deciding(Duration patience) {
        lock.lock();
        try {
            Deadline former = deciding;
            Deadline moment = former == null ? Deadline.after(patience) : former;
            deciding = moment;
            return moment;
        } finally {
            lock.unlock();
        }
    }

    /// The reason why the server has not accepted this client; null if it has not sent one.
    @Nullable
    Refusal refusal() {
        return refusal;
    }

    /// Words that were sent before the end of the connection arrive with the end.
    @Override
    public void onSignal(boolean isEnd) {
        read(isEnd);
        if (isOver && isFirstToClose()) {
            try {
                letGo();
            } finally {
                if (!isToEnd) { // else the other process still runs
                    ended();
                }
            }
        }
    }

    private void read(boolean isEnd) {
        lock.lock();
        try {
            if (!isOver) {
                isOver = isOver(isEnd);
            }
        } finally {
            lock.unlock();
        }
        completeNoted();
    }

    /// Takes the words that have come from the queue. There are few, because each may come only
    /// once.
    private boolean isOver(boolean isEnd) {
        try (Packet packet = new Packet()) {
            Packet.Receiving found = packet.peek(connection);
            while (found == Packet.Receiving.PACKET && isDue(packet)) {
                found = packet.peek(connection);
            }
            return found != Packet.Receiving.NOTHING;
        } catch (PosixException | OutOfMemoryError _) { // the watcher's argument needs neither
            return isEnd;
        }
    }

    /// Takes the packet that was looked at from the queue. A packet with descriptors stays there,
    /// because none is to be opened on the watcher's thread.
    ///
    /// @return false if the packet is not allowed: the connection ends
    private boolean isDue(Packet packet) {
        if (packet.hasDescriptors()) {
            return false;
        }
        boolean isAcceptance = LanePacket.isWord(packet, LanePacket.ACCEPTED);
        Refusal refused = LanePacket.refusedClient(packet);
        boolean isOfChild = LanePacket.isOfChild(packet);
        boolean isFirst = !isAccepted && refusal == null;
        GoAway notice = isAcceptance || refused != null ? null : GoAway.read(packet.getBytes(0));
        // First: if it fails, the packet is still there.
        Packet.Receiving _ = packet.receive(connection);
        if (refused != null) {
            isToEnd |= isFirst && !isOfChild;
            refusal = isFirst ? refused : refusal;
            return isFirst && isOfChild;
        }
        if (!isAcceptance) {
            return note(notice);
        }
        isAccepted |= isFirst;
        return isFirst;
    }

    /// Sends the client the word that it is accepted.
    public void sendAccepted() {
        lock.lock();
        try {
            boolean _ = !isClosed && LanePacket.sendWord(connection, LanePacket.ACCEPTED);
        } finally {
            lock.unlock();
        }
    }

    private boolean refuse(Refusal why) {
        lock.lock();
        try {
            return !isClosed && LanePacket.refuse(connection, true, why);
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected void send(GoAway notice) {
        lock.lock();
        try {
            if (!isClosed) {
                LanePacket.goAway(connection, notice);
            }
        } catch (PosixException _) {
            // The notice is lost; the end of this process says enough.
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void drop() {
        if (isFirstToClose()) {
            letGo();
        }
    }

    private boolean isFirstToClose() {
        lock.lock();
        try {
            boolean isFirst = !isClosed;
            isClosed = true;
            isOver = true;
            return isFirst;
        } finally {
            lock.unlock();
        }
    }

    private void letGo() {
        Lifelines.remove(this);
        try {
            // Another descriptor of the same socket may be open.
            Watcher.instance().unwatch(connection, token);
        } finally {
            Sockets.hangUp(connection);
        }
    }
}
