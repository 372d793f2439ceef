package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.named.ChannelType;
import dev.ipcchannel.named.ConnMode;
import dev.ipcchannel.named.IpcChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The main class of the processes that measure what one sender and many receivers cost: the leader
/// sends, the followers receive, each at its word. No follower receives while it sends, so a burst
/// has to fit the rings.
///
/// ```text
/// leader                                 follower
///   > at ADDRESS                                              (the followers are started with it)
///                                          < open COUNT     (more receivers)
///                                          > open NANOS
///   < meet
///   > met NANOS                                               (all receivers of all followers)
///   < send COUNT
///   > cpu NANOS                                               (of the sending thread, in all)
///                                          < receive COUNT
///                                          > received
///   < footprint                            < footprint
///   > footprint descriptors=… …            > footprint …
/// ```
///
/// Each receiver checks each message: all are there, in order, as they were sent.
public final class Crowd {

    /// Ends that a crowd sends by, and how they receive.
    private interface Ends extends AutoCloseable {

        String address();

        /// A follower opens so many more receivers.
        void open(int count) throws InterruptedException;

        /// The leader meets all receivers.
        void meet() throws InterruptedException;

        void send(byte[] message) throws InterruptedException;

        /// Waits for a message at the receiver of that number.
        byte[] receive(int receiver) throws InterruptedException;

        @Override
        void close() throws IOException;
    }

    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(20);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Ends ends;
    private final Block block;
    private final byte[] message;
    private final MemorySegment words;
    private final int receivers;
    private long sequence; // of the next message, sent or received

    private Crowd(Ends ends, int receivers, int length) {
        this.ends = ends;
        this.receivers = receivers;
        this.block = new Block(length);
        this.message = block.blank();
        this.words = MemorySegment.ofArray(message);
    }

    /// Obeys until the input ends.
    ///
    /// @param arguments `route`, or `channels` for a bare channel to each receiver; the length of a
    /// message; how many receivers there are, of a follower those in its process; and the address
    /// for a follower
    public static void main(String[] arguments) throws Exception {
        int receivers = Integer.parseInt(arguments[2]);
        String address = arguments.length > 3 ? arguments[3] : "";
        try (Ends ends = arguments[0].equals("route") ? new Route(receivers, address)
                : new Channels(receivers, address)) {
            if (address.isEmpty()) {
                System.out.println("at " + ends.address());
            }
            Crowd crowd = new Crowd(ends, receivers, Integer.parseInt(arguments[1]));
            BufferedReader commands =
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                String[] words = line.split(" ", -1);
                System.out.println(crowd.obey(words[0],
                        words.length > 1 ? Integer.parseInt(words[1]) : 0));
            }
        }
    }

    private String obey(String command, int count) throws Exception {
        return switch (command) {
            case "open" -> "open " + nanos(() -> ends.open(count));
            case "meet" -> "met " + nanos(ends::meet);
            case "send" -> "cpu " + send(count);
            case "receive" -> {
                receive(count);
                yield "received";
            }
            case "footprint" -> Footprint.take().line();
            default -> throw new IllegalArgumentException("no such command: " + command);
        };
    }

    /// A step that may take a while.
    private interface Step {

        void take() throws InterruptedException;
    }

    private static long nanos(Step step) throws InterruptedException {
        long start = System.nanoTime();
        step.take();
        return System.nanoTime() - start;
    }

    private long send(int count) throws InterruptedException {
        long before = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < count; i++) {
            block.write(words, sequence++);
            ends.send(message);
        }
        return THREADS.getCurrentThreadCpuTime() - before;
    }

    private void receive(int count) throws InterruptedException {
        for (int receiver = 0; receiver < receivers; receiver++) {
            for (int i = 0; i < count; i++) {
                byte[] received = ends.receive(receiver);
                long _ = block.check(MemorySegment.ofArray(received), received.length,
                        sequence + i);
            }
        }
        sequence += count;
    }

    /// A broadcast channel.
    private static final class Route implements Ends {

        private static final String NAME = "crowd";

        private final int receivers;
        private final NamedSide side;
        private final List<IpcChannel<byte[]>> open = new ArrayList<>();

        private Route(int receivers, String address) throws Exception {
            this.receivers = receivers;
            side = NamedSide.of(ChannelOptions.defaults(), address);
            if (side.isLeader()) {
                open.add(open(ConnMode.SENDER));
            }
        }

        private IpcChannel<byte[]> open(ConnMode mode) throws InterruptedException {
            return IpcChannel.open(ChannelType.ROUTE, NAME, mode, side.broadcast());
        }

        @Override
        public String address() {
            return side.directory().toString();
        }

        @Override
        public void open(int count) throws InterruptedException {
            for (int i = 0; i < count; i++) {
                open.add(open(ConnMode.RECEIVER));
            }
        }

        @Override
        public void meet() throws InterruptedException {
            if (!open.getFirst().waitForReceivers(receivers, PATIENCE_MILLIS)) {
                throw new IllegalStateException("too few receivers have come: there=%d, wanted=%d"
                        .formatted(open.getFirst().receiverCount(), receivers));
            }
        }

        @Override
        public void send(byte[] message) throws InterruptedException {
            open.getFirst().send(message);
        }

        @Override
        public byte[] receive(int receiver) throws InterruptedException {
            return open.get(receiver).receive(PATIENCE_MILLIS);
        }

        @Override
        public void close() throws IOException {
            open.forEach(IpcChannel::close);
            side.close();
        }
    }

    /// A bare channel to each receiver.
    private static final class Channels implements Ends {

        private final Sides sides;

        private Channels(int receivers, String address) {
            sides = new Sides(ChannelOptions.defaults(), address, receivers);
        }

        @Override
        public String address() {
            return sides.address();
        }

        /// All at once, with the leader.
        @Override
        public void open(int count) throws InterruptedException {
            sides.open();
        }

        @Override
        public void meet() throws InterruptedException {
            sides.open();
        }

        @Override
        public void send(byte[] message) throws InterruptedException {
            for (int i = 0; i < sides.count(); i++) {
                sides.sender(i).send(message);
            }
        }

        @Override
        public byte[] receive(int receiver) throws InterruptedException {
            return sides.receiver(receiver).receive();
        }

        @Override
        public void close() {
            sides.close();
        }
    }
}
