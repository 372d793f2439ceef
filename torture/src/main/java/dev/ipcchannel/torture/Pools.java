package dev.ipcchannel.torture;

import dev.ipcchannel.Channel;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.rendezvous.ExitSign;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The pools that the library and the JDK keep after their first use. They are filled beforehand,
/// so that a storm does not report their contents as left over.
public final class Pools {

    /// A number larger than that of the threads of a storm that wait at once.
    static final int MANY = 64;

    private static final Duration WAIT = Duration.ofMillis(300);

    private Pools() {}

    /// Makes `count` threads wait at once, each of which leaves an event descriptor in the pool.
    ///
    /// @throws IOException if the JDK cannot open a socket
    public static void fill(int count) throws IOException {
        SocketChannel.open(StandardProtocolFamily.UNIX).close(); // the JDK keeps one for its closes
        String _ = ExitSign.own(); // by which children see this JVM's exit
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofPlatform().start(Pools::waitOnce));
        }
        threads.add(Thread.ofVirtual().start(Pools::waitOnce)); // starts the watcher
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }

    private static void waitOnce() {
        try (Channel<String> channel = Channel.create(String.class)) {
            channel.receiver().receive(WAIT);
        } catch (TimedOut _) {
            // As was to be.
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
