package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.HostilePeer;
import java.util.Arrays;
import java.util.List;

/// A child that connects to many servers, and commits and withdraws its first message to each all
/// the time, until it is killed.
public final class FickleChild {

    private static final long SHORT_MESSAGE = 1L << 32 | 8; // committed, 8 bytes long
    private static final int BELL = 2;

    private FickleChild() {}

    public static void main(String[] arguments) {
        List<HostileLane> lanes =
                Arrays.stream(arguments).map(HostilePeer::bootstrap).toList();
        while (true) {
            set(lanes, SHORT_MESSAGE);
            set(lanes, 0);
        }
    }

    private static void set(List<HostileLane> lanes, long header) {
        lanes.forEach(lane -> lane.store(0, header));
        lanes.forEach(lane -> Sockets.ring(lane.socket(), BELL)); // some are closed by now
    }
}
