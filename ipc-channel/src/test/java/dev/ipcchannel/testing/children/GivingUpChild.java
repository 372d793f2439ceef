package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.HostilePeer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A child that acts like an honest sender whose user has too many descriptors in flight: again and
/// again it gives up a message with half of its descriptors sent, and sends one without any.
public final class GivingUpChild {

    /// How many messages it sends, and gives up.
    public static final int COUNT = 150; // more than a receiver keeps

    private static final int CAPACITY = 64 * 1024;
    private static final int UNREAD = 32; // an honest sender stays below 64

    private GivingUpChild() {}

    public static void main(String[] arguments) throws IOException {
        HostilePeer parent = HostilePeer.connect(arguments[0], CAPACITY);
        HostileLane lane = HostileLane.announce(parent.outward(), CAPACITY);
        List<Descriptor> some = List.of(lane.socket(), lane.socket());
        for (int i = 0; i < COUNT; i++) {
            lane.giveUp(some);
            lane.send(("message " + i).getBytes(StandardCharsets.UTF_8), List.of());
            if (i % UNREAD == 0) {
                lane.awaitRead();
            }
        }
        System.out.println("done");
        Talker.awaitCue();
    }
}
