package dev.ipcchannel.testing.children;

import dev.ipcchannel.testing.HostilePeer;
import java.io.IOException;
import java.util.List;

/// A child that connects to as many servers as there are [EndFault]s and sends each of them a
/// message with one.
public final class EndFaultChild {

    private EndFaultChild() {}

    public static void main(String[] arguments) throws IOException {
        List<EndFault> faults = List.of(EndFault.values());
        for (int i = 0; i < arguments.length; i++) {
            faults.get(i).send(HostilePeer.bootstrap(arguments[i]));
        }
        Talker.awaitCue();
    }
}
