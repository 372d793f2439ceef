package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.RefusedMemoryException;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.posix.Waiter;
import dev.ipcchannel.internal.ring.RingViolation;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A channel's receiver: the reading end of the announcement socket, and a lane for each sending
/// process.
///
/// Used by one thread at a time, between [#enter] and [#exit]; [#close] and [#onSignal] may come
/// from any. The lanes are read in turn, a message each. The channel has ended when the
/// announcement socket is at its end and every lane is at its end and drained.
public final class Inbox implements Watcher.Watched {

    /// More sending processes than this at once are turned away.
    static final int MAX_LANES = 4096;

    private static final int MAX_ANNOUNCEMENTS_A_LOOK = 64; // then messages are looked at again
    // Looking costs about a nanosecond, the clock twenty.
    private static final int LOOKS_A_CLOCK = 64;
    private static final long CLOSE_PAUSE_NANOS = 50_000;

    private final Descriptor announcement;
    private final LaneSettings settings;
    private final @Nullable Peer peer;
    private final long watch;
    private final Guard guard = new Guard();
    private final PollSet pollSet = new PollSet();

    // Used inside the guard.
    private InboundLane[] lanes = new InboundLane[0];
    private int turn;
    private boolean hasAnnouncementEnded;
    private boolean hasSenderDied;

    private volatile boolean hasSignal; // an announcement or a death, says the watcher
    private volatile @Nullable String ended; // why this end is over, if it is
    private volatile @Nullable Waiter waiting;

    /// Takes the descriptor over.
    ///
    /// @param peer the process that the receiver came from, for messages
    public Inbox(Descriptor announcement, LaneSettings settings, @Nullable Peer peer) {
        this.announcement = announcement;
        this.settings = settings;
        this.peer = peer;
        this.watch = Watcher.instance().watch(announcement, true, this);
    }

    /// How this channel's lanes are made and waited on.
    public LaneSettings settings() {
        return settings;
    }

    /// The process that this receiver came from, if it is known.
    public @Nullable Peer peer() {
        return peer;
    }

    /// Whether this end is closed or has moved.
    public boolean isEnded() {
        return ended != null;
    }

    /// Starts a verb.
    ///
    /// @throws LaneException if this end is closed or moved
    /// @throws IllegalStateException if another thread is inside
    public void enter() {
        if (!guard.enter()) {
            throw closed();
        }
        if (ended != null) {
            exit();
            throw closed();
        }
    }

    /// Ends a verb. If the end was closed while the verb ran, it goes now.
    public void exit() {
        if (ended == null) {
            guard.exit();
            return;
        }
        tearDown();
        guard.closeFromInside();
    }

    /// Finds the next message, if one is there; asks the kernel once if none is.
    ///
    /// @return the lane that has it, or null
    /// @throws LaneException if none is there and none can come
    public @Nullable InboundLane tryNext() {
        InboundLane found = poll();
        if (found != null) {
            return found;
        }
        look();
        found = poll();
        if (found == null) {
            checkEnd();
        }
        return found;
    }

    /// Finds the next message, waiting if need be.
    ///
    /// @return the lane that has it, or null if the deadline came first
    /// @throws LaneException if none is there and none can come, or if this end is closed meanwhile
    public @Nullable InboundLane next(Deadline deadline) throws InterruptedException {
        while (true) {
            InboundLane found = poll();
            if (found != null) {
                return found;
            }
            if (ended != null) {
                throw closed();
            }
            if (spin(deadline)) {
                continue;
            }
            if (hasSignal) {
                look();
            }
            checkEnd();
            if (deadline.isPast()) {
                return tryNext();
            }
            sleep(deadline);
        }
    }

    /// The next message that is there without asking anybody.
    public @Nullable InboundLane poll() {
        InboundLane[] current = lanes;
        for (int i = 0; i < current.length; i++) {
            InboundLane lane = current[turn];
            turn = turn + 1 == current.length ? 0 : turn + 1;
            try {
                if (lane.ring().poll()) {
                    return lane;
                }
            } catch (RingViolation violation) {
                throw dropped(lane, violation);
            }
        }
        return null;
    }

    /// The descriptors of the lane's found message. Whoever takes them closes them.
    public List<Descriptor> takeDescriptors(InboundLane lane) {
        try {
            return lane.takeDescriptors();
        } catch (RingViolation violation) {
            throw dropped(lane, violation);
        }
    }

    /// Gives back the space of everything consumed in a batch.
    public void publish() {
        for (InboundLane lane : lanes) {
            lane.publish();
        }
    }

    /// Readies this inbox for a wait, on it alone or on many things: says "asleep" on every lane
    /// and adds the sockets.
    ///
    /// @return whether sleeping is safe; [#disarm] follows in either case
    public boolean arm(PollSet set) {
        if (!hasAnnouncementEnded) {
            set.add(announcement, PollSet.READABLE);
        }
        boolean isQuiet = !hasSignal && ended == null;
        for (InboundLane lane : lanes) {
            lane.publish();
            set.add(lane.socket(), PollSet.READABLE);
            isQuiet &= lane.ring().arm() && !lane.isEnded();
        }
        return isQuiet;
    }

    /// Says "awake" on every lane.
    public void disarm() {
        for (InboundLane lane : lanes) {
            lane.ring().disarm();
        }
    }

    @Override
    public void onSignal() {
        hasSignal = true;
    }

    /// Writes what another process needs to go on receiving. Inside the guard; then [#abandon], or
    /// [#exit] if the message was not sent.
    public void export(Transfer transfer) {
        transfer.add(settings.capacity());
        transfer.add(settings.spinNanos());
        transfer.add(hasAnnouncementEnded ? 1 : 0);
        transfer.add(hasSenderDied ? 1 : 0);
        transfer.add(announcement);
        transfer.add(lanes.length);
        for (InboundLane lane : lanes) {
            lane.export(transfer);
        }
    }

    /// Takes up a receiver that another process exported. Its descriptors become ours, or are
    /// closed.
    ///
    /// @throws LaneException if it is not what a receiver has to be
    public static Inbox importFrom(Transfer transfer, @Nullable Peer peer) {
        Inbox inbox = null;
        try {
            LaneSettings settings =
                    new LaneSettings((int) transfer.nextWord(), transfer.nextWord());
            boolean hasAnnouncementEnded = transfer.nextWord() != 0;
            boolean hasSenderDied = transfer.nextWord() != 0;
            inbox = new Inbox(transfer.nextSocket(), settings, peer);
            inbox.hasAnnouncementEnded = hasAnnouncementEnded;
            inbox.hasSenderDied = hasSenderDied;
            int laneCount = transfer.nextCount();
            for (int i = 0; i < laneCount; i++) {
                inbox.add(InboundLane.importFrom(transfer, inbox));
            }
            transfer.checkEnd();
            return inbox;
        } catch (RingViolation | RefusedMemoryException violation) {
            if (inbox != null) {
                inbox.close("the receiver could not be taken up");
            }
            throw new LaneException(LaneException.Kind.VIOLATION,
                    String.valueOf(violation.getMessage()), violation);
        }
    }

    /// Lets go of a receiver that has moved. Inside the guard, which never opens again.
    public void abandon(String reason) {
        ended = reason;
        Watcher.instance().unwatch(announcement, watch);
        for (InboundLane lane : lanes) {
            lane.abandon();
        }
        announcement.close(); // not shut down: the new owner holds the same socket
        guard.closeFromInside();
    }

    /// Ends the receiver: a thread that waits in it is woken, senders learn at their next send.
    /// Waits for a handler that runs in another thread; called by the handler itself, it takes
    /// effect when that returns.
    public void close(String reason) {
        if (ended == null) {
            ended = reason;
        }
        if (guard.isInside()) {
            return;
        }
        while (!guard.tryClose()) {
            if (guard.isClosed()) {
                return;
            }
            // Set before "ended" is looked at: one of the two sides sees the other.
            Waiter current = waiting;
            if (current != null) {
                current.wakeup();
            }
            LockSupport.parkNanos(CLOSE_PAUSE_NANOS);
        }
        tearDown();
    }

    private void tearDown() {
        Watcher.instance().unwatch(announcement, watch);
        for (InboundLane lane : lanes) {
            lane.close();
        }
        lanes = new InboundLane[0];
        Sockets.shutdown(announcement);
        announcement.close();
    }

    /// Looks at the lanes for as long as the settings say.
    ///
    /// @return whether a record has come; otherwise there may be something else to see to
    private boolean spin(Deadline deadline) {
        long nanos = settings.spinNanos();
        if (nanos == 0) {
            return false;
        }
        InboundLane[] current = lanes;
        long start = System.nanoTime();
        for (int looks = 1;; looks++) {
            for (InboundLane lane : current) {
                if (!lane.ring().isEmpty()) {
                    return true;
                }
            }
            if (hasSignal || (looks % LOOKS_A_CLOCK == 0 && isSpinOver(start, nanos, deadline))) {
                return false;
            }
            Thread.onSpinWait();
        }
    }

    private boolean isSpinOver(long start, long nanos, Deadline deadline) {
        if (ended != null || Thread.currentThread().isInterrupted() || deadline.isPast()) {
            return true;
        }
        for (InboundLane lane : lanes) {
            if (lane.isEnded()) {
                return true;
            }
        }
        return System.nanoTime() - start >= nanos;
    }

    private void sleep(Deadline deadline) throws InterruptedException {
        Waiter waiter = Waiter.borrow();
        waiting = waiter; // before arm looks at "ended": see close
        pollSet.clear();
        try {
            if (arm(pollSet)) {
                waiter.await(pollSet, deadline);
            }
        } finally {
            disarm();
            waiting = null;
            waiter.giveBack();
        }
        takeReady();
    }

    /// Asks the kernel for news, without waiting.
    private void look() {
        hasSignal = false; // before the look: what comes after it sets the flag again
        pollSet.clear();
        if (!hasAnnouncementEnded) {
            pollSet.add(announcement, PollSet.READABLE);
        }
        for (InboundLane lane : lanes) {
            pollSet.add(lane.socket(), PollSet.READABLE);
        }
        if (pollSet.look()) {
            takeReady();
        }
    }

    private void takeReady() {
        InboundLane[] current = lanes; // the places in the set; announcements make a longer array
        int place = 0;
        boolean hasAnnouncements = !hasAnnouncementEnded && pollSet.isReady(place++);
        for (InboundLane lane : current) {
            if (pollSet.isReady(place++)) {
                try {
                    lane.drainSocket();
                } catch (RingViolation violation) {
                    throw dropped(lane, violation);
                }
            }
        }
        if (hasAnnouncements) {
            takeAnnouncements();
        }
    }

    private void takeAnnouncements() {
        try (Packet packet = new Packet()) {
            for (int i = 0; i < MAX_ANNOUNCEMENTS_A_LOOK; i++) {
                switch (packet.receive(announcement)) {
                    case NOTHING -> {
                        return;
                    }
                    case END -> {
                        hasAnnouncementEnded = true;
                        return;
                    }
                    case PACKET -> add(laneAnnouncedBy(packet));
                }
            }
        }
    }

    private InboundLane laneAnnouncedBy(Packet packet) {
        if (packet.hasLostDescriptors()) {
            throw new LaneException(LaneException.Kind.EXHAUSTED,
                    "a sender could not be taken up, because this "
                            + "process may not open more descriptors: raise ulimit -n");
        }
        List<Descriptor> descriptors = packet.takeDescriptors();
        try {
            if (!LanePacket.isAnnouncement(packet) || descriptors.size() != 2
                    || lanes.length >= MAX_LANES) {
                descriptors.forEach(Descriptor::close);
                throw new RingViolation(
                        "announcement is refused: length=%d, descriptors=%d, lanes=%d, limit=%d"
                                .formatted(packet.length(), descriptors.size(), lanes.length,
                                        MAX_LANES));
            }
            return InboundLane.open(this, packet.getLong(LanePacket.CAPACITY_OFFSET),
                    packet.getLong(LanePacket.FIRST_POSITION_OFFSET), descriptors.get(0),
                    descriptors.get(1));
        } catch (RingViolation | RefusedMemoryException violation) {
            throw violation(violation);
        }
    }

    private void add(InboundLane lane) {
        InboundLane[] longer = Arrays.copyOf(lanes, lanes.length + 1);
        longer[lanes.length] = lane;
        lanes = longer;
    }

    private void remove(InboundLane lane) {
        InboundLane[] shorter =
                Arrays.stream(lanes).filter(other -> other != lane).toArray(InboundLane[]::new);
        lanes = shorter;
        turn = 0;
        lane.close();
    }

    /// Lets ended lanes go, and throws if that was all there was and nothing more can come.
    private void checkEnd() {
        for (InboundLane lane : lanes) {
            if (lane.isEnded()) {
                hasSenderDied |= !lane.isClosedInOrder();
                remove(lane);
            }
        }
        if (hasAnnouncementEnded && lanes.length == 0) {
            String who = peer == null ? "" : ": " + peer.describe();
            throw new LaneException(LaneException.Kind.DISCONNECTED, hasSenderDied
                    ? "a sending process ended without closing its sender, and there is no other"
                            + who
                    : "every sender has been closed" + who);
        }
    }

    /// A sender that breaks the format loses its lane, and the others go on.
    private LaneException dropped(InboundLane lane, RingViolation violation) {
        remove(lane);
        hasSenderDied = true;
        return violation(violation);
    }

    private LaneException violation(RuntimeException violation) {
        String who = peer == null ? "" : ", " + peer.describe();
        return new LaneException(LaneException.Kind.VIOLATION, "a sender broke the format: "
                + violation.getMessage() + who, violation);
    }

    private LaneException closed() {
        String reason = ended;
        return new LaneException(LaneException.Kind.CLOSED,
                reason == null ? "this receiver was closed" : reason);
    }
}
