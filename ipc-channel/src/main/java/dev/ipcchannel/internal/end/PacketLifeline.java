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

/// The connection of a handshake, kept as a lifeline. The first word there is the server's: that
/// the client is accepted, or why it is not. Then the connection of a client that is not accepted
/// ends, but for that of a refused child: it must not outlive its parent either.
///
/// The watcher's thread reads it and closes it at its end. Any thread may use it.
public final class PacketLifeline extends Lifeline implements Watcher.Watched {

    private final Descriptor connection;
    private final Long token = Watcher.instance().newToken();
    private final ReentrantLock lock = new ReentrantLock(); // of the connection, until it is closed
    private volatile boolean isAccepted; // these written inside the lock
    private volatile boolean isOver;
    private volatile @Nullable Refusal refusal;
    private volatile boolean isToEnd; // the refusal says so: the other process goes on
    private @Nullable Deadline deciding; // until when, once somebody waits for the first word
    private boolean isClosed;

    private PacketLifeline(Descriptor connection, boolean isAccepted) {
        this.connection = connection;
        this.isAccepted = isAccepted;
    }

    /// A client's, which has greeted: whether it is accepted is yet to be said. Takes the
    /// connection over, unless it fails.
    public static PacketLifeline ofClient(Descriptor connection) {
        return kept(new PacketLifeline(connection, false));
    }

    /// A server's, of the client that it accepts. Takes the connection over, unless it fails.
    public static PacketLifeline ofServer(Descriptor connection) {
        return kept(new PacketLifeline(connection, true));
    }

    /// A parent's, of a child that it refuses, which is told why. Takes the connection over, unless
    /// it fails.
    ///
    /// @return null if the child is gone
    public static @Nullable PacketLifeline ofRefused(Descriptor connection, Refusal why) {
        PacketLifeline lifeline = kept(new PacketLifeline(connection, true));
        if (lifeline.refuse(why)) {
            return lifeline;
        }
        lifeline.drop(); // else a child that has not been told would wait for it
        return null;
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

    /// Whether the server is done with this client, and has not accepted it. Asks the kernel until
    /// it is known.
    boolean isTurnedAway() {
        if (isAccepted) {
            return false;
        }
        read(false);
        return (isOver || refusal != null) && !isAccepted;
    }

    /// Until when the server's decision is waited for: the time given, from the first call on.
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
                if (!isToEnd) { // else the other process is there
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

    /// Takes the packet that was looked at off the queue, unless it brings descriptors, of which
    /// none is to be opened on the watcher's thread.
    ///
    /// @return false if it may not be said: that is the end
    private boolean isDue(Packet packet) {
        if (packet.hasDescriptors()) {
            return false;
        }
        boolean isAcceptance = LanePacket.isWord(packet, LanePacket.ACCEPTED);
        Refusal refused = LanePacket.refusedClient(packet);
        boolean isOfChild = LanePacket.isOfChild(packet);
        boolean isFirst = !isAccepted && refusal == null;
        GoAway notice = isAcceptance || refused != null ? null : GoAway.read(packet.getBytes(0));
        Packet.Receiving _ = packet.receive(connection); // first: where that fails, it is there still
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

    /// Says that the client is accepted.
    public void sayAccepted() {
        lock.lock();
        try {
            boolean _ = !isClosed && LanePacket.say(connection, LanePacket.ACCEPTED);
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
            // It is not told, and this process's end says enough.
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
            Watcher.instance().unwatch(connection, token); // another descriptor of it may be open
        } finally {
            Sockets.hangUp(connection);
        }
    }
}
