package dev.ipcchannel.internal.presence;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.receive.WayIn;
import dev.ipcchannel.internal.rendezvous.Ends;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// The admission of counterparts to one receiver of a member: each has a [WayIn] of its own there,
/// made when it is greeted and ended when the two are disconnected.
///
/// A breach of the format by one of them ends only its own connection, which is logged; it may
/// connect again.
///
/// Any thread may use it.
public final class Admission {

    // Ended connections whose messages were not taken up yet, because a handler keeps the receiver
    // busy, or an earlier ring is not read yet: the most of all counterparts, and of one.
    private static final int MOST_DISCONNECTED = 1024;
    private static final int MOST_DISCONNECTED_OF_ONE = 16;

    private final String name;
    private final Ends ends; // its sender keeps the receiver open while no other sender is there
    private final ReentrantLock lock = new ReentrantLock();
    // This and the next are guarded by the lock.
    private final Map<Counterpart, WayIn> ways = new HashMap<>();
    private final List<WayIn> disconnected = new ArrayList<>(0);

    /// @param name for sentences
    /// @param ends of the channel by whose receiver the member receives
    public Admission(String name, Ends ends) {
        this.name = name;
        this.ends = ends;
    }

    /// Whether there still is a receiver.
    boolean isOpen() {
        return !ends.share().isEnded();
    }

    /// Writes what a counterpart needs to send to this member.
    ///
    /// @return false if this member is closing
    /// @throws LaneException if it cannot be admitted now: the two meet again then
    public boolean offer(Counterpart counterpart, Transfer transfer) {
        lock.lock();
        try {
            return isOpen() && isOffered(counterpart, transfer);
        } catch (LaneException failure) {
            if (failure.kind() != LaneException.Kind.CLOSED) {
                throw failure;
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /// Called inside the lock.
    private boolean isOffered(Counterpart counterpart, Transfer transfer) {
        boolean _ = disconnected.removeIf(WayIn::isOver);
        long ofThis = disconnected.stream().filter(way -> way.member() == counterpart.id()).count();
        if (disconnected.size() >= MOST_DISCONNECTED || ofThis >= MOST_DISCONNECTED_OF_ONE) {
            throw new LaneException(LaneException.Kind.EXHAUSTED, ("a process is met later, since"
                    + " what came by earlier connections was not received: name=%s, pid=%d, of that"
                    + " process=%d, of all=%d").formatted(name, counterpart.pid(), ofThis,
                            disconnected.size()));
        }
        Peer peer = new Peer(counterpart.pid(), counterpart.program());
        WayIn way = ends.inbox().admit(counterpart.id(), peer,
                breach -> cutOff(counterpart, breach), transfer);
        WayIn _ = ways.put(counterpart, way);
        return true;
    }

    /// Called by the receiving thread, or by a thread that looks on its behalf.
    private void cutOff(Counterpart counterpart, RuntimeException breach) {
        counterpart.cut();
        Log.warning("a process that has a name open is cut off, since it broke the format",
                "name=%s, pid=%d (%s): %s".formatted(name, counterpart.pid(),
                        Printable.of(counterpart.program()),
                        Printable.of(String.valueOf(breach.getMessage()))));
    }

    /// Notes that a counterpart is gone, if it was there: lanes that it has announced by now still
    /// come.
    public void disconnect(Counterpart counterpart) {
        lock.lock();
        try {
            WayIn way = ways.remove(counterpart);
            if (way != null && !way.isOver()) {
                boolean _ = disconnected.add(way);
                way.disconnect();
            }
        } finally {
            lock.unlock();
        }
    }
}
