package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.end.PacketLifeline;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.receive.Inbox;
import dev.ipcchannel.internal.wire.Hello;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LanePacket;
import dev.ipcchannel.internal.wire.LaneSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A client that has connected: first expected to greet, then to send a first message.
///
/// From a stranger anything unexpected is a reason to turn it away; from the child itself it is an
/// error worth telling.
final class Candidate {

    /// The progress that it has made.
    sealed interface Progress {

        /// The progress of one from which more has to come.
        record Waiting() implements Progress {}

        /// The progress of one that is not the one expected.
        record Rejected(String reason) implements Progress {}

        /// The progress of one whose first message is in the inbox.
        record Ready(Inbox inbox) implements Progress {}
    }

    /// How long somebody who is not known may take to greet, and then to send a first message.
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PATIENCE_WITH_ONE_OF_US = Duration.ofSeconds(10);

    private static final Progress WAITING = new Progress.Waiting();

    private final Descriptor connection;
    private final long pid;
    private final @Nullable Child child;
    private final LaneSettings settings;
    private Deadline patience;
    private @Nullable Inbox inbox; // once it has greeted
    private boolean isRefused; // the reason was sent
    private boolean isHandedOver; // its connection is a lifeline's, or gone

    /// Takes the connection over.
    ///
    /// @param child the process itself, if it is the child that is waited for
    Candidate(Descriptor connection, long pid, @Nullable Child child, LaneSettings settings) {
        this.connection = connection;
        this.pid = pid;
        this.child = child;
        this.settings = settings;
        this.patience = child != null ? Deadline.NEVER : Deadline.after(PATIENCE);
    }

    long pid() {
        return pid;
    }

    Descriptor connection() {
        return connection;
    }

    Deadline patience() {
        return patience;
    }

    boolean isChild() {
        return child != null;
    }

    boolean hasGreeted() {
        return inbox != null;
    }

    /// Takes what has come. Never waits.
    ///
    /// @throws RendezvousException if it is the child and does not do what a child has to
    Progress advance() {
        try {
            Inbox greeted = inbox;
            Progress progress = greeted == null ? greet() : awaitFirstMessage(greeted);
            return progress.equals(WAITING) && patience.isPast()
                    ? new Progress.Rejected("it was silent too long")
                    : progress;
        } catch (LaneException | PosixException failure) {
            return failure instanceof LaneException lane
                    && lane.kind() == LaneException.Kind.DISCONNECTED
                            ? hungUp("it closed its channel without a first message")
                            : turnAway("its bootstrap channel failed: " + failure.getMessage());
        }
    }

    private Progress greet() {
        if (child == null && connection.closer().isOverrun()) { // its descriptors are not opened
            return hungUp("descriptors of too many who connected wait to be closed");
        }
        try (Packet packet = new Packet()) {
            return switch (packet.receive(connection)) {
                case NOTHING -> WAITING;
                case END -> hungUp("it closed the connection without a greeting");
                case PACKET -> greetedBy(packet);
            };
        }
    }

    private Progress greetedBy(Packet packet) {
        if (!Hello.isHello(packet)) {
            return turnAway("it does not speak ipc-channel");
        }
        if (Hello.version(packet) != Hello.VERSION) {
            return turnAway(
                    "it speaks another version: version=%d, ours=%d: use the same on both sides"
                            .formatted(Hello.version(packet), Hello.VERSION));
        }
        if (packet.hasLostDescriptors()) {
            return turnAway(
                    "its channel could not be taken up: no more descriptors may be opened: "
                            + "raise ulimit -n");
        }
        LaneSettings spoken = settings.withMessageType(Hello.messageType(packet));
        return takeUp(packet.takeDescriptors(), spoken);
    }

    private Progress takeUp(List<Descriptor> descriptors, LaneSettings spoken) {
        if (descriptors.size() != 1 || !Sockets.isPacketSocket(descriptors.getFirst())) {
            Descriptor.closeAll(descriptors);
            return turnAway(
                    "its greeting lacks the end of a channel: descriptors=" + descriptors.size());
        }
        Inbox greeted = inbox(descriptors.getFirst(), spoken);
        inbox = greeted;
        if (child == null) { // it knows the name and speaks the language: it may only be slow
            patience = Deadline.after(PATIENCE_WITH_ONE_OF_US);
        }
        return awaitFirstMessage(greeted);
    }

    private Inbox inbox(Descriptor announcement, LaneSettings spoken) {
        try {
            return new Inbox(announcement, spoken, child == null
                    ? new Peer(pid)
                    : new Peer(pid, Sockets.peerProcess(connection), child.name(),
                            child.process(), child::errorLines, child.sinceNanos()));
        } catch (RuntimeException | Error failure) {
            Sockets.end(announcement);
            throw failure;
        }
    }

    private static Progress awaitFirstMessage(Inbox greeted) {
        greeted.enter();
        try {
            // Polled again by whoever takes the message: nothing is consumed here.
            return greeted.tryNext() == null ? WAITING : new Progress.Ready(greeted);
        } finally {
            greeted.exit();
        }
    }

    /// Of the child as well no more than turned away: it is about to end, most likely, and will say
    /// why itself.
    private static Progress hungUp(String reason) {
        return new Progress.Rejected(reason);
    }

    private Progress turnAway(String reason) {
        if (child != null && child.process().isAlive()) {
            throw new RendezvousException(RendezvousException.Kind.REFUSED,
                    "the child connected, but %s: pid=%d".formatted(reason, pid));
        }
        return new Progress.Rejected(reason); // of a child that has ended, its end is the news
    }

    /// Adds what is waited for.
    ///
    /// @return whether sleeping is safe; [#disarm] follows in either case
    boolean arm(PollSet set) {
        Inbox greeted = inbox;
        if (greeted == null) {
            set.add(connection, PollSet.READABLE);
            return true;
        }
        greeted.enter();
        return greeted.arm(set);
    }

    void disarm() {
        Inbox greeted = inbox;
        if (greeted != null) {
            greeted.disarm();
            greeted.exit();
        }
    }

    boolean isRefused() {
        return isRefused;
    }

    /// Says to it why it is refused, once; [#close] follows.
    void refuse(Refusal why) {
        if (!isRefused) {
            isRefused = true;
            boolean _ = LanePacket.refuse(connection, false, why);
        }
    }

    /// The same to one that is to end with this process: its connection stays.
    ///
    /// @return null if it is gone, or has been told before
    @Nullable
    PacketLifeline refuseAndKeep(Refusal why) {
        if (isRefused) {
            return null;
        }
        try {
            PacketLifeline lifeline = PacketLifeline.ofRefused(connection, why);
            isHandedOver = true;
            isRefused = true;
            return lifeline;
        } catch (RuntimeException | OutOfMemoryError _) { // it cannot be kept, and hears why
            refuse(why);
            return null;
        }
    }

    /// Ends the connection, unless it is kept, and the channel if there is one.
    void close() {
        if (!isHandedOver) {
            Sockets.hangUp(connection);
        }
        if (inbox != null) {
            inbox.close("the client was turned away");
        }
    }
}
