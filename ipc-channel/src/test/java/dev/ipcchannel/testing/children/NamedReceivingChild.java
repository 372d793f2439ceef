package dev.ipcchannel.testing.children;

import dev.ipcchannel.named.Heartbeat;
import dev.ipcchannel.named.NamedReceiver;
import java.time.Duration;

/// Receives texts by a name, with a heartbeat each tenth of a second, and says how long each
/// is.
public final class NamedReceivingChild {

    private NamedReceivingChild() {}

    /// Receives until the text `end`.
    ///
    /// @param arguments the name
    public static void main(String[] arguments) throws Exception {
        try (NamedReceiver<String> receiver = NamedReceiver.open(arguments[0], String.class);
                Heartbeat _ = receiver.startHeartbeat(Duration.ofMillis(100))) {
            System.out.println("ready");
            for (String text : receiver) {
                System.out.println("received " + text.length());
                if (text.equals("end")) {
                    return;
                }
            }
        }
    }
}
