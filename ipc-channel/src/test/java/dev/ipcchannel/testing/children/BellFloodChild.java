package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.HostilePeer;
import java.util.List;

/// Never reads what its parent sends, and rings for room all the time, with descriptors.
public final class BellFloodChild {

    private BellFloodChild() {}

    public static void main(String[] arguments) {
        HostileLane lane =
                HostilePeer.connect(arguments[0], LaneFault.CAPACITY).parentsLane();
        new Thread(() -> flood(lane)).start();
        flood(lane);
    }

    private static void flood(HostileLane lane) {
        List<Descriptor> many = Flood.many(lane.socket());
        boolean isOpen = true;
        while (isOpen) {
            isOpen = Flood.pour(lane.socket(), 2, many);
        }
    }
}
