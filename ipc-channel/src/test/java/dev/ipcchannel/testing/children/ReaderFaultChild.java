package dev.ipcchannel.testing.children;

import dev.ipcchannel.testing.HostilePeer;
import java.io.IOException;

/// A child that takes its parent's first message for a sign, commits the [ReaderFault] that its
/// second argument names, says "done", and waits.
public final class ReaderFaultChild {

    private ReaderFaultChild() {}

    public static void main(String[] arguments) throws IOException {
        HostilePeer parent = HostilePeer.connect(arguments[0], LaneFault.CAPACITY);
        ReaderFault.valueOf(arguments[1]).commit(parent.parentsLane().awaitRecord());
        System.out.println("done");
        Talker.awaitCue();
    }
}
