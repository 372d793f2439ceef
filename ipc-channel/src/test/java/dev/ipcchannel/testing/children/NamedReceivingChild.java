package dev.ipcchannel.testing.children;

import dev.ipcchannel.named.Heartbeat;
import dev.ipcchannel.named.NamedReceiver;
import java.time.Duration;

/// A child that receives texts by a name, with a heartbeat each tenth of a second, and prints the
/// length of each.
public final class NamedReceivingChild {

    private NamedReceivingChild() {}

    /// Receives until the text `end`.
    ///
    /// @param arguments the name, and how many milliseconds it works on each text, if any
    public static void main(String[] arguments) throws Exception {
        long work = arguments.length > 1 ? Long.parseLong(arguments[1]) : 0;
        try (NamedReceiver<String> receiver = NamedReceiver.open(arguments[0], String.class);
                Heartbeat _ = receiver.startHeartbeat(Duration.ofMillis(100))) {
            System.out.println("ready");
            for (String text : receiver) {
                Thread.sleep(work);
                System.out.println("received " + text.length());
                if (text.equals("end")) {
                    return;
                }
            }
        }
    }
}
