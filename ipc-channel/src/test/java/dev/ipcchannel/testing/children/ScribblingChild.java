package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RingLayout;
import dev.ipcchannel.internal.ring.SegmentMemory;
import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.HostilePeer;
import java.util.SplittableRandom;

/// A child that writes random words all over the memory that it shares with its parent, until it is
/// killed: over lanes that it sends through, and over those that it should read.
public final class ScribblingChild {

    private static final int WORDS_A_LANE = 20_000;
    private static final int WORDS_A_BELL = 100;
    private static final int WORDS_A_HOLE = 1000;
    private static final long NEAR = 4096; // small numbers pass more checks than random ones

    private ScribblingChild() {}

    public static void main(String[] arguments) {
        HostilePeer parent = HostilePeer.connect(arguments[0], LaneFault.CAPACITY);
        new Thread(() -> scribbleAsReader(parent)).start();
        Descriptor announcement = parent.outward();
        while (true) {
            scribble(HostileLane.announce(announcement, LaneFault.CAPACITY));
        }
    }

    private static void scribbleAsReader(HostilePeer parent) {
        while (true) {
            scribble(parent.parentsLane());
        }
    }

    private static void scribble(HostileLane lane) {
        SplittableRandom random = new SplittableRandom();
        SegmentMemory memory = lane.memory();
        long words = RingLayout.regionLength(lane.capacity()) / Long.BYTES;
        for (int i = 0; i < WORDS_A_LANE; i++) {
            long offset = random.nextInt(4) == 0 ? 0 : random.nextLong(words) * Long.BYTES;
            memory.storeRelease(offset, word(random));
            if (i % WORDS_A_BELL == 0) {
                Sockets.ring(lane.socket(), 2);
            }
            if (i % WORDS_A_HOLE == 0) {
                lane.punchHole();
            }
        }
    }

    private static long word(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextLong(NEAR) & -64; // looks like a position
            case 2 -> 1L << 32 | random.nextLong(NEAR); // looks like a committed record
            default -> 0;
        };
    }
}
