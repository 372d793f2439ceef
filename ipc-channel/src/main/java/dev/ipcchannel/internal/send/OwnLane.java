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

/// The lane of an outbox: made by the first message, and what is to be said once it cannot go on.
///
/// Used inside the outbox's turn.
final class OwnLane {

    /// The sockets of a process that dies end one by one, in no order.
    private static final Duration DYING = Duration.ofMillis(50);
    private static final long PAUSE_NANOS = 1_000_000;

    private final EndContext context;
    private final Supplier<@Nullable Peer> reader;
    private final ReceiverWatch receiverWatch;
    private final @Nullable Bootstrap bootstrap; // where it is a client's to a one-shot server
    private final TerminalFailure terminal;
    private @Nullable SpillPool files; // that other lanes have in common with this one
    private @Nullable EndMarks marks; // once they are asked for
    private @Nullable OutboundLane lane;
    // Until when a lane that ended unread may be the first socket of a dying process.
    private @Nullable Deadline dying;

    /// @param context the outbox's, whose the announcement socket stays
    /// @param reader gives the process that receives, as far as it is known
    /// @param receiverWatch is notified of the lane
    OwnLane(EndContext context, Supplier<@Nullable Peer> reader, ReceiverWatch receiverWatch) {
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

    /// Has long messages lie in files that other lanes have in common with this one. Before the
    /// first of them.
    void useFiles(SpillPool common) {
        files = common;
        if (lane != null) {
            lane.useFiles(common);
        }
    }

    /// The marks of the lane, which is made by the first message after a mark as well.
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

    /// Whether a claim is worth a try: there may be room, or something to be said.
    boolean isReady(int length, int descriptors) {
        OutboundLane current = lane;
        try {
            return current == null || current.isReady(length, descriptors);
        } catch (RingViolation _) {
            return true; // for the claim to say so
        }
    }

    /// Checks that nothing is known that keeps it from going on.
    ///
    /// @param mayWait whether the caller may wait for the exit code of a process that is dying
    /// @throws LaneException if there is
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

    /// Whether the receiver has read anything, as far as it says.
    boolean isAnyRead() {
        OutboundLane current = lane;
        try {
            return current != null && current.isAnyRead();
        } catch (RingViolation _) { // the next message meets it
            return true;
        }
    }

    /// Bytes that the receiver has still to read.
    long unread() {
        OutboundLane current = lane;
        return current == null ? 0 : current.unread();
    }

    /// For recordings; 0 if there is no lane.
    long laneId() {
        OutboundLane current = lane;
        return current == null ? 0 : current.laneId();
    }

    /// Sends one message whole, or nothing.
    ///
    /// @param patience until when the caller may wait for what there is to know of an end
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
    /// @param patience until when the caller may wait for what there is to know of an end
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

    /// Sends what the claimed message takes along, to a receiver that is still there.
    void sendParts(OutboundLane claimed, List<Descriptor> descriptors) {
        try {
            claimed.checkReceiver(); // a while after the claim
            claimed.sendParts(descriptors);
        } catch (LaneException ended) {
            throw ended(ended, Deadline.NOW);
        }
    }

    /// Sends what was claimed.
    void commitClaim(OutboundLane claimed) {
        try {
            claimed.commitClaim();
        } catch (LaneException ended) {
            throw ended(ended, Deadline.NOW);
        }
    }

    /// What to throw for what a lane has met: a receiver that has ended it may have said why, and
    /// one that was in a client's message may be lost with it.
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

    /// Whether the lane's socket is over without a word in the ring, and nothing was read.
    private boolean isEndedUnread(OutboundLane current) {
        current.lookAtReceiver();
        return current.isOver() && !current.isReaderClosed() && !current.isAnyRead();
    }

    /// A lane that a receiver cannot take up ends with nothing read, and where it lacked even the
    /// descriptor or the memory to say so, without a refusal. That is no death, and known by the
    /// announcement socket, which goes on: with a process that dies, it ends a moment before or
    /// after.
    ///
    /// Who may not wait is told that it is not known, until that moment is over.
    private LaneException endedUnread(LaneException met, boolean mayWait) {
        Deadline former = dying;
        Deadline moment = former == null ? Deadline.after(DYING) : former;
        dying = moment;
        boolean isOver = former != null && moment.isPast();
        while (!isReceiverOver()) {
            if (isOver) {
                return terminal.of(LanePacket.cutOffUntold(), mayWait);
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
                lane = current; // first: what comes may fail, and this one is announced
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

    /// What to throw when the receiver broke the format, now and from now on.
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
    /// @param isInOrder whether the receiver is told; otherwise it sees what the end of this
    /// process would show it
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
