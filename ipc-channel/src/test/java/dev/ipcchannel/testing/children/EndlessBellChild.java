package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.HostilePeer;
import java.util.List;

/// Takes a sender from its parent and rings all the time, with descriptors and no message.
public final class EndlessBellChild {

    private EndlessBellChild() {}

    public static void main(String[] arguments) {
        HostilePeer parent = HostilePeer.connect(arguments[0], LaneFault.CAPACITY);
        HostileLane lane = HostileLane.announce(parent.handedOver(), LaneFault.CAPACITY);
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
