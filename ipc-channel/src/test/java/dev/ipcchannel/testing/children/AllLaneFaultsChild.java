package dev.ipcchannel.testing.children;

import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.HostilePeer;
import java.io.IOException;

/// A child that takes a sender for each [LaneFault] from its parent, in their order, commits each
/// fault on its own channel, says "done", and waits.
public final class AllLaneFaultsChild {

    private static final int CAPACITY = 64 * 1024; // of a lane that is never read

    private AllLaneFaultsChild() {}

    public static void main(String[] arguments) throws IOException {
        HostileLane orders = HostilePeer.connect(arguments[0], CAPACITY).parentsLane();
        for (LaneFault fault : LaneFault.values()) {
            fault.commit(HostilePeer.await(orders.socket()).getFirst());
        }
        System.out.println("done");
        Talker.awaitCue();
    }
}
