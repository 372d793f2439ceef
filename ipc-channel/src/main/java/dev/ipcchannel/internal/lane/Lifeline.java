package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Sockets;
import java.util.concurrent.locks.ReentrantLock;

/// The connection of a handshake, kept for its end, which is that of the other process; before, the
/// server says by it that the client is accepted, and either that its process exits in order.
///
/// The watcher keeps it and closes it at its end. Any thread may use it.
public final class Lifeline implements Watcher.Watched {

    private final Descriptor connection;
    private final Runnable atLeaving;
    private final Runnable atEnd;
    private final Long token = Watcher.instance().newToken();
    private final ReentrantLock lock = new ReentrantLock(); // of the connection, until it is closed
    private volatile boolean isAccepted;
    private volatile boolean isOver;
    private boolean isLeaving; // guarded by the lock, as what follows
    private boolean isClosed;
    private boolean isLeavingTold; // used by the watcher's thread

    private Lifeline(Descriptor connection, boolean isAccepted, Runnable atLeaving,
            Runnable atEnd) {
        this.connection = connection;
        this.isAccepted = isAccepted;
        this.atLeaving = atLeaving;
        this.atEnd = atEnd;
    }

    /// A client's, which has greeted: whether it is accepted is yet to be said. Takes the connection
    /// over, unless it fails.
    public static Lifeline ofClient(Descriptor connection) {
        return ofClient(connection, () -> {}, () -> {});
    }

    /// The same. Both actions are run on the watcher's thread, and must be quick.
    ///
    /// @param atLeaving is run once the server's process says that it exits in order
    /// @param atEnd is run once that process has ended, or the client was turned away
    public static Lifeline ofClient(Descriptor connection, Runnable atLeaving, Runnable atEnd) {
        return kept(new Lifeline(connection, false, atLeaving, atEnd));
    }

    /// A server's, of the client that it accepts. Takes the connection over, unless it fails.
    public static Lifeline ofServer(Descriptor connection) {
        return kept(new Lifeline(connection, true, () -> {}, () -> {}));
    }

    private static Lifeline kept(Lifeline lifeline) {
        Watcher.instance().keep(lifeline, lifeline.connection, lifeline.token);
        return lifeline;
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
        lock.lock();
        try {
            hear(false);
            return isOver && !isAccepted;
        } finally {
            lock.unlock();
        }
    }

    /// What was said before the end is there with it.
    @Override
    public void onSignal(boolean isEnd) {
        boolean isToldLeaving;
        lock.lock();
        try {
            hear(isEnd);
            isToldLeaving = isLeaving;
        } finally {
            lock.unlock();
        }
        if (isToldLeaving && !isLeavingTold) {
            isLeavingTold = true;
            atLeaving.run();
        }
        if (isOver && isFirstToClose()) {
            try {
                letGo();
            } finally {
                atEnd.run();
            }
        }
    }

    /// Takes the words off that have come: all but those two, each once, is the end. What comes with
    /// descriptors is not taken off the queue, for none is to be opened on the watcher's thread.
    /// Inside the lock.
    private void hear(boolean isEnd) {
        if (isOver) {
            return;
        }
        try (Packet packet = new Packet()) {
            Packet.Receiving found = packet.peek(connection);
            if (!isAccepted && hasWord(found, packet, LanePacket.ACCEPTED)) {
                found = next(packet); // first: where that fails, the word is there still
                isAccepted = true;
            }
            if (!isLeaving && hasWord(found, packet, LanePacket.LEAVING)) {
                found = next(packet);
                isLeaving = true;
            }
            isOver = found != Packet.Receiving.NOTHING;
        } catch (PosixException | OutOfMemoryError _) { // the watcher's word needs neither
            isOver = isEnd;
        }
    }

    private static boolean hasWord(Packet.Receiving found, Packet packet, int word) {
        return found == Packet.Receiving.PACKET && LanePacket.isWord(packet, word);
    }

    private Packet.Receiving next(Packet packet) {
        Packet.Receiving _ = packet.receive(connection);
        return packet.peek(connection);
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

    /// Says that this process exits in order. Never waits.
    void sayLeaving() {
        lock.lock();
        try {
            boolean _ = !isClosed && Sockets.ring(connection, LanePacket.LEAVING);
        } catch (PosixException _) {
            // It is not told, and ends as after a kill.
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
        try {
            Watcher.instance().release(this, connection, token);
        } finally {
            Sockets.hangUp(connection);
        }
    }
}
