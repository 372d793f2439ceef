package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.base.GoAway;
import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.base.Lifelines;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Sockets;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The connection of a handshake, kept as a lifeline. The first word there is the server's: that the
/// client is accepted, or why it is not, and then the connection ends.
///
/// The watcher's thread reads it and closes it at its end. Any thread may use it.
public final class PacketLifeline extends Lifeline implements Watcher.Watched {

    private final Descriptor connection;
    private final Long token = Watcher.instance().newToken();
    private final ReentrantLock lock = new ReentrantLock(); // of the connection, until it is closed
    private volatile boolean isAccepted; // these written inside the lock
    private volatile boolean isOver;
    private volatile @Nullable Refusal refusal;
    private boolean isClosed;

    private PacketLifeline(Descriptor connection, boolean isAccepted) {
        this.connection = connection;
        this.isAccepted = isAccepted;
    }

    /// A client's, which has greeted: whether it is accepted is yet to be said. Takes the connection
    /// over, unless it fails.
    public static PacketLifeline ofClient(Descriptor connection) {
        return kept(new PacketLifeline(connection, false));
    }

    /// A server's, of the client that it accepts. Takes the connection over, unless it fails.
    public static PacketLifeline ofServer(Descriptor connection) {
        return kept(new PacketLifeline(connection, true));
    }

    private static PacketLifeline kept(PacketLifeline lifeline) {
        Lifelines.add(lifeline); // before it is watched: its end may come at once
        try {
            Watcher.instance().watch(lifeline.connection, Epoll.Interest.ARRIVALS, lifeline,
                    lifeline.token);
            return lifeline;
        } catch (RuntimeException | Error failure) {
            Lifelines.remove(lifeline);
            throw failure;
        }
    }

    /// Whether the server has accepted this client, as far as it has been asked.
    boolean isAccepted() {
        return isAccepted;
    }

    /// Whether the server is done with this client, and has not accepted it. Asks the kernel until it
    /// is known.
    boolean isTurnedAway() {
        if (isAccepted) {
            return false;
        }
        read(false);
        return isOver && !isAccepted;
    }

    /// Why the server has not accepted this client; null if it has not said so.
    @Nullable
    Refusal refusal() {
        return refusal;
    }

    /// What was said before the end is there with it.
    @Override
    public void onSignal(boolean isEnd) {
        read(isEnd);
        if (isOver && isFirstToClose()) {
            try {
                letGo();
            } finally {
                if (refusal == null) { // else the other process is there, and this one may say so
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
        tell();
    }

    /// Takes the words off that have come, of which there are few: each may be said once.
    private boolean isOver(boolean isEnd) {
        try (Packet packet = new Packet()) {
            Packet.Receiving found = packet.peek(connection);
            while (found == Packet.Receiving.PACKET && isDue(packet)) {
                found = packet.peek(connection);
            }
            return found != Packet.Receiving.NOTHING;
        } catch (PosixException | OutOfMemoryError _) { // the watcher's word needs neither
            return isEnd;
        }
    }

    /// Takes the packet that was looked at off the queue, unless it brings descriptors, of which none is
    /// to be opened on the watcher's thread.
    ///
    /// @return false if it may not be said: that is the end
    private boolean isDue(Packet packet) {
        if (packet.hasDescriptors()) {
            return false;
        }
        boolean isAcceptance = LanePacket.isWord(packet, LanePacket.ACCEPTED);
        Refusal refused = LanePacket.refusedClient(packet);
        GoAway notice = isAcceptance || refused != null ? null : GoAway.read(packet.getBytes(0));
        Packet.Receiving _ = packet.receive(connection); // first: where that fails, it is there still
        if (refused != null) {
            refusal = isAccepted ? null : refused;
            return false;
        }
        if (!isAcceptance) {
            return hear(notice);
        }
        boolean isFirst = !isAccepted;
        isAccepted = true;
        return isFirst;
    }

    /// Says that the client is accepted.
    public void sayAccepted() {
        lock.lock();
        try {
            boolean _ = !isClosed && LanePacket.say(connection, LanePacket.ACCEPTED);
        } finally {
            lock.unlock();
        }
    }

    /// Says to a client why it is not accepted, where it is there and has room for that. The end of
    /// the connection, which is to follow, says enough where this fails.
    public static void refuse(Descriptor connection, Refusal refusal) {
        try (Packet packet = new Packet()) {
            Packet.Sending _ = packet.putByte(LanePacket.KIND_OFFSET, LanePacket.REFUSED)
                    .putBytes(LanePacket.REFUSED_OFFSET, refusal.toBytes())
                    .send(connection, List.of());
        } catch (PosixException | OutOfMemoryError _) {
            // It is not told.
        }
    }

    @Override
    protected void send(GoAway notice) {
        lock.lock();
        try (Packet packet = new Packet()) {
            if (!isClosed) {
                Packet.Sending _ =
                        packet.putBytes(0, notice.toBytes()).send(connection, List.of());
            }
        } catch (PosixException _) {
            // It is not told, and this process's end says enough.
        } finally {
            lock.unlock();
        }
    }

    /// Lets go of the connection before its end, and closes it.
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
            Watcher.instance().unwatch(connection, token); // another descriptor of it may be open
        } finally {
            Sockets.hangUp(connection);
        }
    }
}
