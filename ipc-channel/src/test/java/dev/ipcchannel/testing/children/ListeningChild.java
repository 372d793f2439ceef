package dev.ipcchannel.testing.children;

import dev.ipcchannel.named.NamedSignal;
import java.time.Duration;

/// A child that prints that it is ready, then how many signals of each of three ids have arrived up
/// to the first one of id [#END].
public final class ListeningChild {

    /// The name.
    public static final String NAME = "reload";

    /// The id after which it prints the counts.
    public static final int END = 100;

    /// Its first line.
    public static final String READY = "ready";

    private ListeningChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (NamedSignal signal = NamedSignal.open(NAME)) {
            System.out.println(READY);
            long _ = signal.await(END);
            System.out.println(signal.await(0, Duration.ZERO) + " " + signal.await(1, Duration.ZERO)
                    + " " + signal.await(2, Duration.ZERO));
        }
    }
}
