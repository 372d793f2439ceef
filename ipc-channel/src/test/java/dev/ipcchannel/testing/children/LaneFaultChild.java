package dev.ipcchannel.testing.children;

import dev.ipcchannel.testing.HostilePeer;
import java.io.IOException;

/// A child that takes a sender from its parent, commits the [LaneFault] that its second argument
/// names on that channel, says "done", and waits.
public final class LaneFaultChild {

    private LaneFaultChild() {}

    public static void main(String[] arguments) throws IOException {
        HostilePeer parent = HostilePeer.connect(arguments[0], LaneFault.CAPACITY);
        LaneFault.valueOf(arguments[1]).commit(parent.handedOver());
        System.out.println("done");
        Talker.awaitCue();
    }
}
