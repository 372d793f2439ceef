package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/// The main class of a JVM that does nothing: two threads, one of which waits for a message, or for
/// nothing.
///
/// ```text
/// bare              waits on a latch
/// lead              waits in a receiver with the default options
/// follow ADDRESS    the other side of that
/// ```
///
/// The end of its standard input ends it.
public final class Idler {

    private Idler() {}

    /// Waits.
    ///
    /// @param arguments what to wait for, see above
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("bare")) {
            start(new CountDownLatch(1)::await);
            awaitEnd();
            return;
        }
        boolean isLeader = arguments[0].equals("lead");
        try (BytesLink link =
                new BytesLink(ChannelOptions.defaults(), isLeader ? "" : arguments[1])) {
            if (isLeader) {
                System.out.println("at " + link.address());
            }
            link.open();
            if (isLeader) { // both channels have carried a message, so they are wholly open
                link.exchange(0);
            } else {
                link.answer();
            }
            start(link.receiver()::receive);
            awaitEnd();
        }
    }

    private interface Wait {

        void await() throws Exception;
    }

    private static void start(Wait wait) {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                wait.await();
            } catch (Exception end) { // the link was closed
                return;
            }
        });
        System.out.println("ready");
    }

    private static void awaitEnd() throws IOException {
        while (System.in.read() >= 0) { // whatever it says
        }
    }
}
