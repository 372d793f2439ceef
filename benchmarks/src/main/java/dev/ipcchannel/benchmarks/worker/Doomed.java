package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.WaitStrategy;
import java.io.IOException;

/// The main class of a JVM that waits to be killed, with a channel each way to its parent.
public final class Doomed {

    private Doomed() {}

    /// Waits to be killed.
    ///
    /// @param arguments the wait strategy of the channels and the name of the parent's server
    public static void main(String[] arguments) throws InterruptedException, IOException {
        ChannelOptions options =
                ChannelOptions.defaults().withWaitStrategy(WaitStrategy.valueOf(arguments[0]));
        try (BytesLink link = new BytesLink(options, arguments[1])) {
            link.open();
            link.answer();
            while (System.in.read() >= 0) {
                // Ends with the parent, if that never kills this process.
            }
        }
    }
}
