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

/// The reading end of an announcement socket: new lanes come from it, and the kernel reports on it
/// that no sender is left that could make one.
///
/// It is the channel's own socket, by which any number of senders come; or that of the [WayIn] of
/// one process, which brings one lane and then ends.
final class Announcements {

    private static final int MAX_A_LOOK = 64; // then the messages are looked at again
    private static final int MAX_QUEUED = 512; // an ordinary socket's queue takes 278

    // In descriptors: more than a queue of announcements takes, at two each.
    private static final int MAX_DROPPED_A_LOOK = 4 * Packet.MAX_DESCRIPTORS;

    private final Descriptor socket;
    private final EpollRegistration registration;
    private final EndContext context;
    private final Watcher.Watched target;
    private final long member; // the member whose one lane comes here, or InboundLane.NO_MEMBER
    private @Nullable Long watch;
    private boolean hasEnded;
    private boolean isPutOff; // until the lanes whose senders are gone have been read
    private int toDrop; // packets that may still lie here after an end by a breach

    /// Takes the context's announcement socket over.
    ///
    /// @param context whose settings every lane has to match
    /// @param target is notified of announcements and deaths, on this socket and on those of the
    /// lanes
    /// @param member the number of the member of a name whose one lane comes here, or
    /// [InboundLane#NO_MEMBER]
    Announcements(EndContext context, Watcher.Watched target, long member) {
        this.context = context;
        this.socket = context.announcement();
        this.registration = new EpollRegistration(socket);
        this.target = target;
        this.member = member;
    }

    /// Notifies the target from now on. Called once, first of all; if it fails, the socket is
    /// closed.
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

    /// Sets what a former owner of this socket knew. Packets that came after a breach may still lie
    /// here.
    void setHasEnded(boolean isSo) {
        hasEnded = isSo;
        toDrop = isSo ? MAX_QUEUED : 0;
    }

    /// Registers this socket with the set that this receiver is in, until the socket's end.
    void join(Membership joined) {
        if (!hasEnded) {
            isPutOff = false; // that set is not paused: the next look finds out
            registration.start(joined);
        }
    }

    /// Adds the socket to a wait, in one place; after its end, in none.
    void addTo(PollSet set, LaneSet lanes) {
        if (hasEnded) {
            return;
        }
        if (isPutOff && lanes.hasRoom()) {
            registration.resume();
            isPutOff = false; // last: if the kernel refuses, the next look tries again
        }
        if (isPutOff) {
            set.addNothing();
        } else {
            set.add(socket, PollSet.READABLE);
        }
    }

    /// Removes this socket from the set.
    void leave() {
        registration.end();
    }

    /// Takes up the lanes that have come.
    ///
    /// A breach ends the socket. What comes after it is not read, so there is one failure, however
    /// much a sender sends. Open lanes go on.
    ///
    /// @return whether there may be more
    /// @throws RingViolation if an announcement breaks the format
    /// @throws RefusedMemoryException if a lane's memory is not safe to map
    /// @throws LaneException if this process may not open the descriptors of the lane
    boolean takeInto(LaneSet lanes) {
        if (hasEnded) {
            return false;
        }
        try {
            return takePackets(lanes);
        } catch (RingViolation | RefusedMemoryException breach) {
            // Else the breach is one sender's, and does not end the channel.
            if (member == InboundLane.NO_MEMBER) {
                lanes.setHasLostOne(true);
            }
            end();
            throw breach;
        }
    }

    /// Refuses further announcements; those that have come are still read before the end.
    void silence() {
        Sockets.silence(socket);
    }

    /// Whether the queue is empty and nothing can come. Reads nothing from the queue.
    boolean isExhausted() {
        try (Packet packet = new Packet()) {
            return packet.peek(socket) == Packet.Receiving.END;
        }
    }

    /// Ends the socket: no sender can announce a lane here any more, and each attempt fails at
    /// once.
    void end() {
        hasEnded = true;
        registration.end(); // else the set would be notified of the end again and again
        Sockets.silence(socket);
        toDrop = MAX_QUEUED;
        boolean _ = dropSome();
    }

    /// After an end by a breach: drops queued packets, so that their senders see the end soon. The
    /// number of descriptors at a time is bounded, because the kernel opens each.
    ///
    /// @return whether there may be more
    boolean dropSome() {
        if (isOverrun()) { // what cannot be closed stays in the queue until the socket closes
            toDrop = 0;
        }
        int opened = 0;
        try (Packet packet = new Packet()) {
            // Continues after an empty packet, which looks like the end.
            for (; toDrop > 0 && opened < MAX_DROPPED_A_LOOK; toDrop--) {
                Packet.Receiving _ = packet.peek(socket);
                boolean hasDescriptors = packet.hasDescriptors();
                if (packet.receive(socket) == Packet.Receiving.PACKET) {
                    List<Descriptor> dropped = packet.takeDescriptors();
                    opened += dropped.size();
                    Descriptor.closeAll(dropped);
                } else if (hasDescriptors) { // closed by the packet, which does not count them
                    opened += Packet.MAX_DESCRIPTORS;
                }
            }
        }
        return toDrop > 0;
    }

    private boolean takePackets(LaneSet lanes) {
        try (Packet packet = new Packet()) {
            boolean isFull = false; // computed once for this look
            for (int i = 0; i < MAX_A_LOOK; i++) {
                if (!isFull && lanes.isFull()) {
                    if (lanes.isAnySenderGone()) { // once that lane is read there is room
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
                        if (member != InboundLane.NO_MEMBER && !isFull) { // its only lane has come
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
        registration.end(); // else the set would be notified of the end again and again
    }

    private void putOff() {
        isPutOff = true;
        registration.pause(); // else the set would be notified of the waiting packet each time
    }

    /// Receives a packet. Once it is off the socket, its lane is either taken up here or lost: in
    /// that case its descriptors are closed, which the sender sees at its next send.
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
        if (isFull) { // not a breach: its sender sees it at its next send
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

    /// Sends the sender the reason, as far as possible. The reason goes through the lane's socket,
    /// the first of the descriptors: it has arrived even if this process may open only one
    /// descriptor.
    private static void turnAway(List<Descriptor> descriptors, int reason, long limit) {
        if (!descriptors.isEmpty()) {
            LanePacket.refuse(descriptors.getFirst(), reason, limit);
        }
        Descriptor.closeAll(descriptors);
    }

    /// Whether the senders have sent descriptors that cannot be closed, see [Closer#isOverrun].
    boolean isOverrun() {
        return socket.closer().isOverrun();
    }

    /// Ends the socket for every sender, and closes it.
    void close() {
        try {
            endRegistration();
        } finally {
            Sockets.end(socket);
        }
    }

    /// Abandons a socket that another process reads from now on. It is not shut down, because the
    /// other process has the same socket.
    ///
    /// @param isOwn whether no other process can have put anything there: then no close waits, and
    /// no thread is needed for it
    void abandon(boolean isOwn) {
        try {
            endRegistration();
        } finally {
            if (isOwn) {
                socket.close();
            } else {
                Sockets.handOn(socket);
            }
        }
    }

    private void endRegistration() {
        try {
            registration.end();
        } finally {
            Long current = watch;
            if (current != null) {
                Watcher.instance().unwatch(socket, current);
            }
        }
    }
}
