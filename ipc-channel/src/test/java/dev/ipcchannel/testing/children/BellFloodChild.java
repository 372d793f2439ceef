package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.HostilePeer;
import java.util.List;

/// A child that never reads its parent's messages, and rings for room all the time; its second
/// argument says how.
public final class BellFloodChild {

    /// A correct bell.
    public static final String PLAIN = "plain";
    /// A bell with as many descriptors as a packet can have.
    public static final String WITH_DESCRIPTORS = "with descriptors";

    private BellFloodChild() {}

    public static void main(String[] arguments) {
        HostileLane lane =
                HostilePeer.connect(arguments[0], LaneFault.CAPACITY).parentsLane();
        List<Descriptor> company = arguments[1].equals(PLAIN) ? List.of()
                : Flood.many(lane.socket());
        new Thread(() -> flood(lane, company)).start();
        flood(lane, company);
    }

    private static void flood(HostileLane lane, List<Descriptor> many) {
        boolean isOpen = true;
        while (isOpen) {
            isOpen = Flood.pour(lane.socket(), 2, many);
        }
    }
}
