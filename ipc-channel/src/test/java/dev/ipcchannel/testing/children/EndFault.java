package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RingLayout;
import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.HostilePeer;
import dev.ipcchannel.testing.Libc;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// The faults of the channel ends in a message from a hostile child.
@SuppressWarnings("ImmutableEnumChecker") // the arrays are never changed
public enum EndFault {

    /// A capacity that no ring has.
    SENDERS_CAPACITY(new long[]{4097, 0, 1 << 30, 0}, 1, goodReceiver(), 1),
    /// A time to spin below zero.
    SENDERS_SPIN(new long[]{4096, -1, 1 << 30, 0}, 1, goodReceiver(), 1),
    /// A longest message of no bytes.
    SENDERS_LONGEST(new long[]{4096, 0, 0, 0}, 1, goodReceiver(), 1),
    /// A message type that is longer than any may be.
    SENDERS_TYPE(new long[]{4096, 0, 1 << 30, 513, 0}, 1, goodReceiver(), 1),
    /// A message type that is not there.
    SENDERS_TYPE_MISSING(new long[]{4096, 0, 1 << 30, 8}, 1, goodReceiver(), 1),
    /// No descriptor for the sender.
    SENDER_WITHOUT_DESCRIPTOR(goodSender(), 0, goodReceiver(), 1),
    /// More descriptors claimed than there are.
    SENDER_WITH_MANY_DESCRIPTORS(goodSender(), 100, goodReceiver(), 1),
    /// A negative number of descriptors.
    SENDER_WITH_NEGATIVE_DESCRIPTORS(goodSender(), -1, goodReceiver(), 1),
    /// More words than a sender has.
    LONG_SENDER(new long[]{4096, 0, 1 << 30, 0, 0}, 1, goodReceiver(), 1),
    /// Fewer words than a sender has.
    SHORT_SENDER(new long[]{4096, 0}, 1, goodReceiver(), 1),
    /// A capacity that no ring has.
    RECEIVERS_CAPACITY(goodSender(), 1, new long[]{0, 0, 1 << 30, 0, 0, 0, 0}, 1),
    /// Lanes that are not there.
    LANES_MISSING(goodSender(), 1, new long[]{4096, 0, 1 << 30, 0, 0, 0, 1}, 1),
    /// More lanes than there are words.
    LANES_UNCOUNTED(goodSender(), 1, new long[]{4096, 0, 1 << 30, 0, 0, 0, Long.MAX_VALUE}, 1),
    /// Fewer lanes than none.
    LANES_NEGATIVE(goodSender(), 1, new long[]{4096, 0, 1 << 30, 0, 0, 0, -1}, 1),
    /// A lane whose ring is larger than any may be.
    LANES_CAPACITY(goodSender(), 1, new long[]{4096, 0, 1 << 30, 0, 0, 0, 1, 1L << 40, 0, 0, 0}, 3),
    /// A lane whose position is odd.
    LANES_POSITION(goodSender(), 1, new long[]{4096, 0, 1 << 30, 0, 0, 0, 1, 4096, 3, 0, 0}, 3),
    /// A lane with parts of messages that are not there.
    PARTS_MISSING(goodSender(), 1, new long[]{4096, 0, 1 << 30, 0, 0, 0, 1, 4096, 0, 1}, 3),
    /// A lane with a part that has more descriptors than there are.
    PARTS_DESCRIPTORS(goodSender(), 1,
            new long[]{4096, 0, 1 << 30, 0, 0, 0, 1, 4096, 0, 1, 0, 0, 0, 1, 2}, 3),
    /// Fewer words than a receiver has.
    SHORT_RECEIVER(goodSender(), 1, new long[]{4096, 0, 1 << 30, 0}, 1),
    /// More words than a receiver has.
    LONG_RECEIVER(goodSender(), 1, new long[]{4096, 0, 1 << 30, 0, 0, 0, 0, 0}, 1),
    /// No descriptor for the receiver.
    RECEIVER_WITHOUT_DESCRIPTOR(goodSender(), 1, goodReceiver(), 0),
    /// A descriptor that is memory where it should be a socket.
    RECEIVER_OF_MEMORY(goodSender(), 1, goodReceiver(), 1) {
        @Override
        List<Descriptor> descriptors() {
            return List.of(Sockets.pair().first(), memory());
        }
    },
    /// A descriptor that is memory where it should be a socket.
    SENDER_OF_MEMORY(goodSender(), 1, goodReceiver(), 1) {
        @Override
        List<Descriptor> descriptors() {
            return List.of(memory(), Sockets.pair().first());
        }
    },
    /// A lane whose memory can shrink.
    UNSEALED_LANE(goodSender(), 1, new long[]{4096, 0, 1 << 30, 0, 0, 0, 1, 4096, 0, 0, 0}, 3) {
        @Override
        List<Descriptor> descriptors() {
            return List.of(Sockets.pair().first(), Sockets.pair().first(),
                    Libc.memoryFile(RingLayout.regionLength(4096), 0), Sockets.pair().first());
        }
    },
    /// A lane with a spill file of a length that none has.
    SPILL_FILES_CAPACITY(goodSender(), 1, laneWithSpillFile(4096), 4) {
        @Override
        List<Descriptor> descriptors() {
            return laneAnd(SharedMemory.create(4096).file());
        }
    },
    /// A lane with a spill file that can shrink.
    UNSEALED_SPILL_FILE(goodSender(), 1, laneWithSpillFile(64 * 1024), 4) {
        @Override
        List<Descriptor> descriptors() {
            return laneAnd(Libc.memoryFile(64 * 1024, 0));
        }
    },
    /// A lane with a spill file that is not there.
    SPILL_FILE_MISSING(goodSender(), 1, laneWithSpillFile(64 * 1024), 3) {
        @Override
        List<Descriptor> descriptors() {
            return laneAnd(SharedMemory.create(64 * 1024).file());
        }
    },
    /// No bytes at all.
    EMPTY(goodSender(), 1, goodReceiver(), 1) {
        @Override
        byte[] message() {
            return new byte[0];
        }
    },
    /// A component that is longer than its message.
    CUT_SHORT(goodSender(), 1, goodReceiver(), 1) {
        @Override
        byte[] message() {
            byte[] whole = super.message();
            return Arrays.copyOf(whole, whole.length - Long.BYTES);
        }
    };

    private static final int SPARE_DESCRIPTORS = 3;

    private final long[] sender;
    private final int sendersDescriptors;
    private final long[] receiver;
    private final int receiversDescriptors;

    EndFault(long[] sender, int sendersDescriptors, long[] receiver, int receiversDescriptors) {
        this.sender = sender;
        this.sendersDescriptors = sendersDescriptors;
        this.receiver = receiver;
        this.receiversDescriptors = receiversDescriptors;
    }

    /// Sends it to a server as the first message.
    void send(HostileLane bootstrap) {
        bootstrap.send(message(), descriptors());
    }

    byte[] message() {
        return HostilePeer.talk(sender, sendersDescriptors, receiver, receiversDescriptors);
    }

    List<Descriptor> descriptors() {
        return Collections.nCopies(1 + SPARE_DESCRIPTORS, Sockets.pair().first());
    }

    private static Descriptor memory() {
        return SharedMemory.create(RingLayout.regionLength(4096)).file();
    }

    /// A sender's descriptor, and those of a receiver with one lane that has one spill file.
    private static List<Descriptor> laneAnd(Descriptor spillFile) {
        return List.of(Sockets.pair().first(), Sockets.pair().first(), memory(),
                Sockets.pair().first(), spillFile);
    }

    private static long[] laneWithSpillFile(long capacity) {
        return new long[]{4096, 0, 1 << 30, 0, 0, 0, 1, 4096, 0, 0, 1, 7, capacity};
    }

    private static long[] goodSender() {
        return new long[]{4096, 0, 1 << 30, 0};
    }

    private static long[] goodReceiver() {
        return new long[]{4096, 0, 1 << 30, 0, 0, 0, 0};
    }
}
