package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.HostilePeer;
import java.util.List;

/// A child that takes a sender from its parent and rings all the time, with descriptors and no
/// message: on a new lane whenever the parent has ended one.
public final class EndlessBellChild {

    private EndlessBellChild() {}

    public static void main(String[] arguments) {
        HostilePeer parent = HostilePeer.connect(arguments[0], LaneFault.CAPACITY);
        Descriptor announcement = parent.handedOver();
        new Thread(() -> floodForEver(announcement)).start();
        floodForEver(announcement);
    }

    private static void floodForEver(Descriptor announcement) {
        while (true) {
            HostileLane lane = HostileLane.announce(announcement, LaneFault.CAPACITY);
            flood(lane);
            lane.close();
        }
    }

    private static void flood(HostileLane lane) {
        List<Descriptor> many = Flood.many(lane.socket());
        boolean isOpen = true;
        while (isOpen) {
            isOpen = Flood.pour(lane.socket(), 2, many);
        }
    }
}
