package dev.ipcchannel.testing;

import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.internal.codec.ByteSink;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.testing.children.Handover;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// A peer that passes the handshake and then has the bare sockets and words of its lanes.
public final class HostilePeer {

    /// The ends that it hands over, as the parent sees it.
    ///
    /// @param toChild to the hostile child
    /// @param fromChild from the hostile child
    public record HostileTalk(Sender<Handover> toChild, Receiver<String> fromChild) {}

    private static final int LONGEST = 1 << 30; // message
    private static final int BOOTSTRAP_CAPACITY = 64 * 1024;
    private static final long RETRY_NANOS = 100_000;

    private final int capacity;
    private final Descriptor outward; // the parent's receiver reads the other end
    private final Descriptor inward; // the parent's sender announces its lane here

    private HostilePeer(int capacity, Descriptor outward, Descriptor inward) {
        this.capacity = capacity;
        this.outward = outward;
        this.inward = inward;
    }

    /// Connects, and hands over two channels with rings of `capacity`.
    public static HostilePeer connect(String name, int capacity) {
        Sockets.Pair out = Sockets.pair();
        Sockets.Pair in = Sockets.pair();
        byte[] message = talk(new long[]{capacity, 0, LONGEST, 0}, 1,
                new long[]{capacity, 0, LONGEST, 0, 0, 0, 0}, 1);
        bootstrap(name).send(message, List.of(in.first(), out.second()));
        in.first().close();
        out.second().close();
        return new HostilePeer(capacity, out.first(), in.second());
    }

    /// Connects and greets, and gives the lane for the first message.
    public static HostileLane bootstrap(String name) {
        Sockets.Pair pair = Sockets.pair();
        HostileLane lane = HostileLane.announce(pair.first(), BOOTSTRAP_CAPACITY);
        Wire.greet(Wire.connect(name), Wire.VERSION, List.of(pair.second()));
        pair.second().close();
        return lane;
    }

    /// The bytes of a [HostileTalk]: of each end its words and how many descriptors it claims.
    public static byte[] talk(long[] sender, int sendersDescriptors, long[] receiver,
            int receiversDescriptors) {
        ByteSink sink = new ByteSink();
        putEnd(sink, sender, sendersDescriptors);
        putEnd(sink, receiver, receiversDescriptors);
        return sink.toByteArray();
    }

    private static void putEnd(ByteSink sink, long[] words, int descriptors) {
        sink.putVarint(words.length);
        sink.putVarint(descriptors);
        for (long word : words) {
            sink.putLong(word);
        }
    }

    /// The announcement socket of the channel that the parent receives from.
    public Descriptor outward() {
        return outward;
    }

    /// The lane of the parent's sender, once it has sent.
    public HostileLane parentsLane() {
        return HostileLane.adopt(capacity, await(inward));
    }

    /// The announcement socket of the sender that is in the parent's first message.
    public Descriptor handedOver() {
        return await(parentsLane().socket()).getFirst();
    }

    /// The descriptors of the next packet that has any.
    public static List<Descriptor> await(Descriptor socket) {
        while (true) {
            try (Packet packet = new Packet()) {
                Packet.Receiving receiving = packet.receive(socket);
                List<Descriptor> taken = packet.takeDescriptors();
                if (!taken.isEmpty()) {
                    return taken;
                }
                if (receiving == Packet.Receiving.END) {
                    throw new IllegalStateException("the parent is gone");
                }
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }
}
