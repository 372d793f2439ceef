package dev.ipcchannel.testing.children;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.EndStats;
import dev.ipcchannel.ProcessStats;

/// A child that sends all messages back until none can come any more, then prints its counters: a
/// line each for the receiver, the sender, and the two sides of the process.
public final class CountingChild {

    private CountingChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        Duplex<String, String> parent = Talker.connect(arguments);
        try {
            while (true) {
                parent.send(parent.receive());
            }
        } catch (Disconnected _) {
            System.out.println(line(parent.receiver().stats()));
            System.out.println(line(parent.sender().stats()));
        }
        parent.close();
        System.out.println(line(ProcessStats.now().received()));
        System.out.println(line(ProcessStats.now().sent()));
    }

    private static String line(EndStats stats) {
        return "messages=%d, bytes=%d, spills=%d, isOpen=%s".formatted(stats.messages(),
                stats.bytes(), stats.spills(), stats.descriptors() > 0);
    }
}
