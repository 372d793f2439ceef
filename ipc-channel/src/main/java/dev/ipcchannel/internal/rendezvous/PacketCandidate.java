package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.end.Incoming;
import dev.ipcchannel.internal.end.PacketLifeline;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.posix.Users;
import dev.ipcchannel.internal.receive.Inbox;
import dev.ipcchannel.internal.wire.Hello;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LanePacket;
import dev.ipcchannel.internal.wire.LaneSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A client over packets: it has to greet, then to send a first message.
final class PacketCandidate extends Candidate<Incoming> {

    private final LaneSettings settings;
    private @Nullable Inbox inbox; // set once it has greeted

    PacketCandidate(Descriptor connection, long pid, @Nullable Child child,
            LaneSettings settings) {
        super(connection, pid, child);
        this.settings = settings;
    }

    @Override
    protected boolean hasGreeted() {
        return inbox != null;
    }

    @Override
    protected Progress<Incoming> look() {
        try {
            Inbox greeted = inbox;
            return greeted == null ? greet() : awaitFirstMessage(greeted);
        } catch (LaneException | PosixException failure) {
            return failure instanceof LaneException lane
                    && lane.kind() == LaneException.Kind.DISCONNECTED
                            ? hungUp("it closed its channel without a first message")
                            : turnAway("its bootstrap channel failed: " + failure.getMessage());
        }
    }

    private Progress<Incoming> greet() {
        if (!isChild() && connection().closer().isOverrun()) { // its descriptors are not opened
            return hungUp("descriptors of too many other clients wait to be closed");
        }
        try (Packet packet = new Packet()) {
            return switch (packet.receive(connection())) {
                case NOTHING -> new Progress.Waiting<>();
                case END -> hungUp("it closed the connection without a greeting");
                case PACKET -> greetedBy(packet);
            };
        }
    }

    private Progress<Incoming> greetedBy(Packet packet) {
        if (!Hello.isHello(packet)) {
            return turnAway(STRANGE);
        }
        if (Hello.version(packet) != Hello.VERSION) {
            return turnAway(otherVersion(Hello.version(packet), Hello.VERSION));
        }
        if (packet.hasLostDescriptors()) {
            return turnAway(
                    "its channel could not be taken up: no more descriptors may be opened: "
                            + "raise ulimit -n");
        }
        LaneSettings spoken = settings.withMessageType(Hello.messageType(packet));
        return takeUp(packet.takeDescriptors(), spoken);
    }

    private Progress<Incoming> takeUp(List<Descriptor> descriptors, LaneSettings spoken) {
        if (descriptors.size() != 1 || !Sockets.isPacketSocket(descriptors.getFirst())) {
            Descriptor.closeAll(descriptors);
            return turnAway(
                    "its greeting lacks the end of a channel: descriptors=" + descriptors.size());
        }
        Inbox greeted = inbox(descriptors.getFirst(), spoken);
        inbox = greeted;
        extendPatience();
        return awaitFirstMessage(greeted);
    }

    private Inbox inbox(Descriptor announcement, LaneSettings spoken) {
        Child child = child();
        try {
            return new Inbox(announcement, spoken, child == null
                    ? new Peer(pid())
                    : new Peer(pid(), Sockets.peerProcess(connection()), child.name(),
                            child.process(), child::errorLines, child.sinceNanos()));
        } catch (RuntimeException | Error failure) {
            Sockets.end(announcement);
            throw failure;
        }
    }

    private static Progress<Incoming> awaitFirstMessage(Inbox greeted) {
        greeted.enter();
        try {
            // The accepting thread polls it again: nothing is consumed here.
            return greeted.tryNext() == null ? new Progress.Waiting<>()
                    : new Progress.Ready<>(greeted);
        } finally {
            greeted.exit();
        }
    }

    @Override
    protected boolean arm(PollSet set) {
        Inbox greeted = inbox;
        if (greeted == null) {
            return super.arm(set);
        }
        greeted.enter();
        return greeted.arm(set);
    }

    @Override
    protected void disarm() {
        Inbox greeted = inbox;
        if (greeted != null) {
            greeted.disarm();
            greeted.exit();
        }
    }

    /// The connection stays open as long as both processes live; a process needs none to itself.
    @Override
    protected @Nullable Lifeline accept() {
        PacketLifeline lifeline = PacketLifeline.ofServer(connection());
        lifeline.sendAccepted();
        if (pid() == Users.ownPid()) {
            lifeline.drop();
            return null;
        }
        return lifeline;
    }

    @Override
    protected void sendRefusal(Refusal why) {
        boolean _ = LanePacket.refuse(connection(), false, why);
    }

    @Override
    protected @Nullable Lifeline sayAndKeep(Refusal why) {
        PacketLifeline lifeline = PacketLifeline.ofRefused(connection(), why);
        handOver();
        return lifeline;
    }

    @Override
    protected void drop() {
        if (inbox != null) {
            inbox.close("the client was turned away");
        }
    }
}
