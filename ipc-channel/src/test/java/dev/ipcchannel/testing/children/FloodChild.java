package dev.ipcchannel.testing.children;

import dev.ipcchannel.testing.HostilePeer;
import java.io.IOException;

/// A child that takes a sender from its parent, pours the [Flood] that its second argument names
/// into that channel, says "done", and waits.
public final class FloodChild {

    private FloodChild() {}

    public static void main(String[] arguments) throws IOException {
        HostilePeer parent = HostilePeer.connect(arguments[0], LaneFault.CAPACITY);
        Flood.valueOf(arguments[1]).pour(parent.handedOver());
        System.out.println("done");
        Talker.awaitCue();
    }
}
