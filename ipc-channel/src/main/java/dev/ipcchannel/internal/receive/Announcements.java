package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.end.EndContext;
import dev.ipcchannel.internal.end.Faults;
import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.posix.Closer;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.RefusedMemoryException;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.wait.Watcher;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LanePacket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The reading end of an announcement socket: where new lanes come from, and where the kernel says
/// that no sender is left that could make one.
///
/// It is the channel's own, by which any number of senders come; or the [WayIn] of one process,
/// which brings one lane, and is at its end then.
final class Announcements {

    private static final int MAX_A_LOOK = 64; // then messages are looked at again
    private static final int MAX_QUEUED = 512; // an ordinary socket's queue holds 278

    // Descriptors: more than a queue of announcements holds, which are two each.
    private static final int MAX_DROPPED_A_LOOK = 4 * Packet.MAX_DESCRIPTORS;

    private final Descriptor socket;
    private final Hearing hearing;
    private final EndContext context;
    private final Watcher.Watched target;
    private final long member; // whose one lane comes here, or InboundLane.NOBODY
    private @Nullable Long watch;
    private boolean hasEnded;
    private boolean isPutOff; // until lanes whose senders are gone have been read
    private int toDrop; // packets that may lie here still, after the end by a breach

    /// Takes the context's announcement socket over.
    ///
    /// @param context to whose settings every lane has to keep
    /// @param target is notified of announcements and deaths, on this socket and those of the lanes
    /// @param member the number of the member of a name whose one lane comes here, or
    /// [InboundLane#NOBODY]
    Announcements(EndContext context, Watcher.Watched target, long member) {
        this.context = context;
        this.socket = context.announcement();
        this.hearing = new Hearing(socket);
        this.target = target;
        this.member = member;
    }

    /// Has the target told from now on. Once, before anything else; the socket is closed if that is
    /// not possible.
    void watch() {
        try {
            watch = Watcher.instance().watch(socket, Epoll.Interest.ARRIVALS, target);
        } catch (RuntimeException | Error failure) {
            Sockets.end(socket);
            throw failure;
        }
    }

    Descriptor socket() {
        return socket;
    }

    /// Whether no new lane can come.
    boolean hasEnded() {
        return hasEnded;
    }

    /// As a former owner of this socket knew it. What lay there after a breach may lie there still.
    void setHasEnded(boolean isSo) {
        hasEnded = isSo;
        toDrop = isSo ? MAX_QUEUED : 0;
    }

    /// Has the set that this receiver is in hear of this socket, until it is at its end.
    void join(Membership joined) {
        if (!hasEnded) {
            isPutOff = false; // where that set does not hear of it: the next look finds out
            hearing.start(joined);
        }
    }

    /// Adds the socket to a wait, in one place; once it is at its end, in none.
    void addTo(PollSet set, LaneSet lanes) {
        if (hasEnded) {
            return;
        }
        if (isPutOff && lanes.hasRoom()) {
            hearing.resume();
            isPutOff = false; // last: if the kernel refuses, the next look asks it again
        }
        if (isPutOff) {
            set.addNothing();
        } else {
            set.add(socket, PollSet.READABLE);
        }
    }

    /// Has no set hear of this socket any more.
    void leave() {
        hearing.end();
    }

    /// Takes up what has come.
    ///
    /// A breach is the end of the socket: what lies behind it is not looked at, so there is one
    /// failure, however much a sender sends. Lanes that are open go on.
    ///
    /// @return whether there may be more
    /// @throws RingViolation if an announcement breaks the format
    /// @throws RefusedMemoryException if a lane's memory is not safe to map
    /// @throws LaneException if this process may not open the descriptors for it
    boolean takeInto(LaneSet lanes) {
        if (hasEnded) {
            return false;
        }
        try {
            return takePackets(lanes);
        } catch (RingViolation | RefusedMemoryException breach) {
            if (member == InboundLane.NOBODY) { // else the breach is one sender's, and no end of the channel
                lanes.setHasLostOne(true);
            }
            end();
            throw breach;
        }
    }

    /// Nothing more is announced here; what has been comes before the end.
    void silence() {
        Sockets.silence(socket);
    }

    /// Whether nothing lies here and nothing can come, without a look at what lies here.
    boolean isExhausted() {
        try (Packet packet = new Packet()) {
            return packet.peek(socket) == Packet.Receiving.END;
        }
    }

    /// No sender can announce anything here any more, and learns that at once.
    void end() {
        hasEnded = true;
        hearing.end(); // else the set would hear of the end again and again
        Sockets.silence(socket);
        toDrop = MAX_QUEUED;
        boolean _ = dropSome();
    }

    /// After the end by a breach: drops what lies here, so that those who sent it learn soon; but
    /// no more than so many descriptors at a time, for the kernel opens each.
    ///
    /// @return whether there may be more
    boolean dropSome() {
        if (isOverrun()) { // what cannot be closed stays in the queue, and goes with the socket
            toDrop = 0;
        }
        int opened = 0;
        try (Packet packet = new Packet()) {
            // Also after an empty packet, which looks like the end.
            for (; toDrop > 0 && opened < MAX_DROPPED_A_LOOK; toDrop--) {
                Packet.Receiving _ = packet.peek(socket);
                boolean hasDescriptors = packet.hasDescriptors();
                if (packet.receive(socket) == Packet.Receiving.PACKET) {
                    List<Descriptor> dropped = packet.takeDescriptors();
                    opened += dropped.size();
                    Descriptor.closeAll(dropped);
                } else if (hasDescriptors) { // closed by the packet, uncounted
                    opened += Packet.MAX_DESCRIPTORS;
                }
            }
        }
        return toDrop > 0;
    }

    private boolean takePackets(LaneSet lanes) {
        try (Packet packet = new Packet()) {
            boolean isFull = false; // as it is for the rest of this look
            for (int i = 0; i < MAX_A_LOOK; i++) {
                if (!isFull && lanes.isFull()) {
                    if (lanes.isAnySenderGone()) { // once that is read there is room
                        putOff();
                        return false;
                    }
                    isFull = true;
                }
                if (isOverrun()) {
                    throw new RingViolation(
                            "descriptors that it sent wait to be closed, and more may come");
                }
                switch (receive(packet)) {
                    case NOTHING -> {
                        return false;
                    }
                    case END -> {
                        isAtEnd();
                        return false;
                    }
                    case PACKET -> {
                        takeUpOrEnd(packet, lanes, isFull);
                        if (member != InboundLane.NOBODY && !isFull) { // it brings no other
                            isAtEnd();
                            return false;
                        }
                    }
                }
            }
        }
        return true;
    }

    private void isAtEnd() {
        hasEnded = true;
        hearing.end(); // else the set would hear of the end again and again
    }

    private void putOff() {
        isPutOff = true;
        hearing.pause(); // else the set would hear of what waits here again and again
    }

    /// Off the socket, a lane is here or nowhere: its descriptors are closed then, so that its
    /// sender learns at its next send.
    private Packet.Receiving receive(Packet packet) {
        try {
            return packet.receive(socket);
        } catch (OutOfMemoryError failure) {
            throw noHeap(failure);
        }
    }

    private void takeUpOrEnd(Packet packet, LaneSet lanes, boolean isFull) {
        try {
            takeUp(packet, lanes, isFull);
        } catch (OutOfMemoryError failure) {
            throw noHeap(failure);
        }
    }

    private static LaneException noHeap(OutOfMemoryError failure) {
        return new LaneException(LaneException.Kind.EXHAUSTED, "a sender could not be taken up, and"
                + " is cut off, since the heap has no room for it: raise -Xmx", failure);
    }

    private void takeUp(Packet packet, LaneSet lanes, boolean isFull) {
        if (packet.hasLostDescriptors()) {
            turnAway(packet.takeDescriptors(), LanePacket.EXHAUSTED, 0);
            throw new LaneException(LaneException.Kind.EXHAUSTED, "a sender could not be taken up, "
                    + "because this process may not open more descriptors: raise ulimit -n");
        }
        List<Descriptor> descriptors = packet.takeDescriptors();
        if (!LanePacket.isAnnouncement(packet) || descriptors.size() != 2) {
            Descriptor.closeAll(descriptors);
            throw new RingViolation("announcement is refused: length=%d, descriptors=%d"
                    .formatted(packet.length(), descriptors.size()));
        }
        if (isFull) { // no breach: its sender learns at its next send
            turnAway(descriptors, LanePacket.TOO_MANY, lanes.limit());
            Log.warning("a channel has as many senders as it can take, and turns more away",
                    "limit=" + lanes.limit());
            return;
        }
        Faults faults = context.faults();
        InboundLane lane = InboundLane.open(context, target,
                LanePacket.capacity(packet), LanePacket.firstPosition(packet), descriptors.get(1),
                descriptors.get(0), faults == null ? null : faults.takeUp(descriptors.get(1)));
        lane.isOf(member);
        lanes.add(lane);
    }

    /// Says why, as far as that can be said: by the lane's socket, which comes first, so it is
    /// there where this process may open one descriptor alone.
    private static void turnAway(List<Descriptor> descriptors, int reason, long limit) {
        if (!descriptors.isEmpty()) {
            LanePacket.refuse(descriptors.getFirst(), reason, limit);
        }
        Descriptor.closeAll(descriptors);
    }

    /// Whether those who may send here have sent what cannot be closed, see [Closer#isOverrun].
    boolean isOverrun() {
        return socket.closer().isOverrun();
    }

    /// Ends the socket for every sender, and closes it.
    void close() {
        try {
            hearNoMore();
        } finally {
            Sockets.end(socket);
        }
    }

    /// Lets go of a socket that another process reads from now on: not shut down, for it is the
    /// same.
    ///
    /// @param isOwn whether no other process can have put anything there: then no close waits, and
    /// no thread is needed for it
    void abandon(boolean isOwn) {
        try {
            hearNoMore();
        } finally {
            if (isOwn) {
                socket.close();
            } else {
                Sockets.handOn(socket);
            }
        }
    }

    private void hearNoMore() {
        try {
            hearing.end();
        } finally {
            Long current = watch;
            if (current != null) {
                Watcher.instance().unwatch(socket, current);
            }
        }
    }
}
