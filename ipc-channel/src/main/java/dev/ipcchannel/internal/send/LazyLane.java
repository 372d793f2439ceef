package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Bootstrap;
import dev.ipcchannel.internal.end.EndContext;
import dev.ipcchannel.internal.end.EndMarks;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.end.TerminalFailure;
import dev.ipcchannel.internal.flight.Flight;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LanePacket;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The lane of an outbox, made by the first message, and the failure to report once it cannot go
/// on.
///
/// Used inside the outbox's turn.
final class LazyLane {

    /// The time in which the sockets of a dying process end: one by one, in no order.
    private static final Duration DYING = Duration.ofMillis(50);
    private static final long PAUSE_NANOS = 1_000_000;

    private final EndContext context;
    private final Supplier<@Nullable Peer> reader;
    private final ReceiverWatch receiverWatch;
    // Set if the outbox is a client's to a one-shot server.
    private final @Nullable Bootstrap bootstrap;
    private final TerminalFailure terminal;
    private @Nullable SpillPool files; // shared with other lanes
    private @Nullable EndMarks marks; // made by the first call for them
    private @Nullable OutboundLane lane;
    // Until when a lane that ended unread may be the first socket of a dying process.
    private @Nullable Deadline dying;

    /// @param context of the outbox, which keeps the announcement socket
    /// @param reader gives the receiving process, as far as it is known
    /// @param receiverWatch is notified of the lane
    LazyLane(EndContext context, Supplier<@Nullable Peer> reader, ReceiverWatch receiverWatch) {
        Peer peer = context.peer();
        this.context = context;
        this.reader = reader;
        this.receiverWatch = receiverWatch;
        this.bootstrap = peer == null ? null : peer.bootstrap();
        this.terminal = new TerminalFailure(reader);
    }

    /// The lane itself, if it has been made and not been closed.
    @Nullable
    OutboundLane lane() {
        return lane;
    }

    /// Uses files for long messages that other lanes share. Called before the first long message.
    void useFiles(SpillPool common) {
        files = common;
        if (lane != null) {
            lane.useFiles(common);
        }
    }

    /// The marks of the lane, also before there is one: the first message makes it.
    EndMarks marks() {
        EndMarks current = marks;
        if (current == null) {
            current = new EndMarks();
            if (lane != null) {
                current.use(lane.marks());
            }
            marks = current;
        }
        return current;
    }

    /// Whether a claim is worth a try: there may be room, or a failure to report.
    boolean isReady(int length, int descriptors) {
        OutboundLane current = lane;
        try {
            return current == null || current.isReady(length, descriptors);
        } catch (RingViolation _) {
            return true; // the claim reports it
        }
    }

    /// Checks that no known failure keeps it from going on.
    ///
    /// @param mayWait whether the caller may wait for the exit code of a process that is dying
    /// @throws LaneException if there is one
    void check(boolean mayWait) {
        terminal.check(mayWait);
    }

    /// Whether the receiver is there and this sender can go on, as far as the kernel knows by now.
    boolean isConnected() {
        OutboundLane current = lane;
        if (terminal.isWritten() || (bootstrap != null && bootstrap.isTurnedAway())) {
            return false;
        }
        if (current == null) {
            return !PollSet.isHungUp(context.announcement());
        }
        current.lookAtReceiver();
        return !current.isReceiverGone();
    }

    /// Whether the receiver has read anything, by its own position.
    boolean isAnyRead() {
        OutboundLane current = lane;
        try {
            return current != null && current.isAnyRead();
        } catch (RingViolation _) { // the next message reports it
            return true;
        }
    }

    /// The number of bytes that the receiver has still to read.
    long unread() {
        OutboundLane current = lane;
        return current == null ? 0 : current.unread();
    }

    /// The lane's id for recordings; 0 if there is no lane.
    long laneId() {
        OutboundLane current = lane;
        return current == null ? 0 : current.laneId();
    }

    /// Sends one message whole, or nothing.
    ///
    /// @param patience until when the caller may wait for details of a failure
    /// @return false if there is no room
    boolean offer(OutgoingMessage message, Deadline patience) {
        try {
            OutboundLane current = open();
            return current != null && current.offer(message);
        } catch (LaneException ended) {
            throw ended(ended, patience);
        } catch (RingViolation violation) {
            throw poisoned(violation, patience != Deadline.NOW);
        }
    }

    /// Reserves room for a payload.
    ///
    /// @param patience until when the caller may wait for details of a failure
    /// @return its index, or [RingWriter#FULL]
    long claim(int length, int descriptors, Deadline patience) {
        try {
            OutboundLane current = open();
            return current == null ? RingWriter.FULL : current.claim(length, descriptors);
        } catch (LaneException ended) {
            throw ended(ended, patience);
        } catch (RingViolation violation) {
            throw poisoned(violation, patience != Deadline.NOW);
        }
    }

    /// Sends the descriptors of the claimed message, if the receiver is still there.
    void sendParts(OutboundLane claimed, List<Descriptor> descriptors) {
        try {
            claimed.checkReceiver(); // some time has passed since the claim
            claimed.sendParts(descriptors);
        } catch (LaneException ended) {
            throw ended(ended, Deadline.NOW);
        }
    }

    /// Commits the claimed message.
    void commitClaim(OutboundLane claimed) {
        try {
            claimed.commitClaim();
        } catch (LaneException ended) {
            throw ended(ended, Deadline.NOW);
        }
    }

    /// The exception for a failure of a lane. A receiver that has ended the lane may have sent a
    /// reason, and a receiver that was in a client's message may be lost with that message.
    private LaneException ended(LaneException met, Deadline patience) {
        boolean mayWait = patience != Deadline.NOW;
        OutboundLane current = lane;
        if (met.kind() != LaneException.Kind.DISCONNECTED) {
            return terminal.of(met, mayWait);
        }
        Peer receiver = reader.get();
        LaneException notAccepted = Bootstrap.failure(
                receiver == null ? null : receiver.bootstrap(),
                bootstrap == null || current != null, patience);
        if (notAccepted != null) {
            return terminal.of(notAccepted, mayWait);
        }
        if (current == null) {
            return terminal.of(met, mayWait);
        }
        LaneException refusal = current.refusal();
        if (refusal != null) {
            return terminal.of(refusal, mayWait);
        }
        try {
            return isEndedUnread(current) ? endedUnread(met, mayWait) : terminal.of(met, mayWait);
        } catch (RingViolation violation) {
            return poisoned(violation, mayWait);
        }
    }

    /// Whether the lane's socket has ended without a close word in the ring, and nothing was read.
    private boolean isEndedUnread(OutboundLane current) {
        current.lookAtReceiver();
        return current.isOver() && !current.isReaderClosed() && !current.isAnyRead();
    }

    /// The exception for a lane that has ended with nothing read. A receiver that cannot take a
    /// lane up ends it so; it sends no refusal if it lacks even the descriptor or the memory for
    /// that. Then its process has not died, and the announcement socket remains open. If the
    /// process dies, that socket ends a moment before or after the lane's.
    ///
    /// Until that moment is over, a caller that may not wait gets an exception that leaves both
    /// possible.
    private LaneException endedUnread(LaneException met, boolean mayWait) {
        Deadline former = dying;
        Deadline moment = former == null ? Deadline.after(DYING) : former;
        dying = moment;
        boolean isOver = former != null && moment.isPast();
        while (!isReceiverOver()) {
            if (isOver) {
                return terminal.of(LanePacket.cutOffWithoutReason(), mayWait);
            }
            if (!mayWait) {
                return LaneException.disconnected("the receiver's process has ended, or it has cut"
                        + " this sender off", LaneException.End.UNKNOWN);
            }
            Pause.of(PAUSE_NANOS);
            isOver = moment.isPast();
        }
        return terminal.of(met, mayWait);
    }

    private boolean isReceiverOver() {
        Peer receiver = reader.get();
        return PollSet.isHungUp(context.announcement())
                || (receiver != null && receiver.hasEnded());
    }

    private @Nullable OutboundLane open() {
        OutboundLane current = lane;
        if (bootstrap != null && bootstrap.isTurnedAway()) {
            throw bootstrap.notAccepted(current != null);
        }
        if (current == null) {
            receiverWatch.laneOpens();
            try {
                current = OutboundLane.open(context, reader.get(), receiverWatch, marks);
                lane = current; // first: the next steps may fail, and this lane is announced
                if (current != null && marks != null) {
                    marks.use(current.marks());
                }
                if (current != null && files != null) {
                    current.useFiles(files);
                }
            } finally {
                receiverWatch.laneIsOpen(current == null ? null : current::isOver);
            }
        }
        return current;
    }

    /// The exception for a receiver that broke the format, thrown now and by all later calls.
    ///
    /// @param mayWait whether the caller may wait for the exit code of a process that is dying
    LaneException poisoned(RingViolation violation, boolean mayWait) {
        Peer there = reader.get();
        Flight.violated(Flight.SENDER, laneId(), there == null ? 0 : there.pid(),
                String.valueOf(violation.getMessage()));
        return terminal.of(new LaneException(LaneException.Kind.VIOLATION,
                "the receiver broke the format: " + violation.getMessage(), violation),
                mayWait);
    }

    /// Ends the lane, if there is one.
    ///
    /// @param isInOrder whether the ring gets the close word; otherwise the receiver sees the same
    /// as after the death of this process
    void close(boolean isInOrder) {
        OutboundLane current = lane;
        lane = null;
        if (current == null) {
            return;
        }
        if (isInOrder) {
            current.close();
        } else {
            current.lose();
        }
    }
}
