package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.WaitStrategy;
import dev.ipcchannel.named.NamedReceiver;
import dev.ipcchannel.named.NamedSender;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// The main class of the two processes that measure what it costs a thread to send to many: the
/// leader sends, the follower has so many receivers, each of which sleeps between two messages.
///
/// ```text
/// leader                                 follower
///   > at DIRECTORY
///                                          > ready            (started with DIRECTORY)
///   > ready
///   < send COUNT
///   > cpu NANOS                                               (of the sending thread, in all)
/// ```
public final class FanOut {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long PAUSE_NANOS = 200_000; // the receivers sleep again by then

    private FanOut() {}

    /// Sends or receives until the input ends.
    ///
    /// @param arguments how many receivers, and the directory for the follower
    public static void main(String[] arguments) throws Exception {
        int receivers = Integer.parseInt(arguments[0]);
        NamedSide side = NamedSide.of(ChannelOptions.defaults()
                .withWaitStrategy(WaitStrategy.BLOCK), arguments.length > 1 ? arguments[1] : "");
        if (side.isLeader()) {
            lead(side, receivers);
        } else {
            follow(side, receivers);
        }
    }

    private static void lead(NamedSide side, int receivers) throws Exception {
        System.out.println("at " + side.directory());
        try (NamedSender<byte[]> sender =
                NamedSender.open(side.out(), byte[].class, side.options())) {
            sender.waitForReceivers(receivers, PATIENCE);
            System.out.println("ready");
            BufferedReader commands = commands();
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                System.out.println("cpu " + send(sender, Integer.parseInt(line.split(" ", -1)[1])));
            }
        } finally {
            side.close();
        }
    }

    private static long send(NamedSender<byte[]> sender, int count) throws InterruptedException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        byte[] message = new byte[Payload.LENGTH];
        long used = 0;
        for (int i = 0; i < count; i++) {
            LockSupport.parkNanos(PAUSE_NANOS);
            long before = threads.getCurrentThreadCpuTime();
            sender.send(message);
            used += threads.getCurrentThreadCpuTime() - before;
        }
        return used;
    }

    private static void follow(NamedSide side, int receivers) throws Exception {
        for (int i = 0; i < receivers; i++) {
            NamedReceiver<byte[]> receiver =
                    NamedReceiver.open(side.in(), byte[].class, side.options());
            Thread.ofPlatform().daemon().start(() -> receiver.forEach(FanOut::drop));
        }
        System.out.println("ready");
        String _ = commands().readLine(); // until its end
    }

    private static void drop(byte[] message) {
        if (message.length != Payload.LENGTH) {
            throw new IllegalStateException("a message is not the one that was sent: length="
                    + message.length);
        }
    }

    private static BufferedReader commands() {
        return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    }
}
