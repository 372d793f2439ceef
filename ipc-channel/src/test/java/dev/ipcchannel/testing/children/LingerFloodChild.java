package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.HostilePeer;
import dev.ipcchannel.testing.Libc;
import dev.ipcchannel.testing.Lingers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;

/// A child that sends its parent a message with the last descriptor of a TCP socket whose close
/// waits for a minute, and then messages with as many descriptors as one packet carries, without
/// pause; waits when it has sent far more than its parent may keep.
public final class LingerFloodChild {

    private static final byte[] TEXT = "text".getBytes(StandardCharsets.UTF_8);
    private static final int MESSAGES = 200;

    private LingerFloodChild() {}

    public static void main(String[] arguments) throws IOException {
        HostilePeer parent = HostilePeer.connect(arguments[0], LingerPlace.CAPACITY);
        HostileLane lane = LingerPlace.lane(parent);
        Libc.Connection connection = Libc.lingering(Lingers.SECONDS);
        lane.begin(List.of(List.of(connection.full())));
        connection.full().close(); // before the parent takes it: its close has to be the last one
        lane.finish(TEXT, 1);
        List<Descriptor> many =
                Collections.nCopies(Packet.MAX_DESCRIPTORS, Sockets.pair().first());
        try {
            for (int i = 0; i < MESSAGES; i++) {
                lane.awaitRead(); // what was before: else the queue would be full
                lane.send(TEXT, many);
            }
        } catch (IllegalStateException _) {
            // The parent has ended the lane.
        }
        Talker.awaitCue();
    }
}
