package dev.ipcchannel.testing.children;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.named.BroadcastOptions;
import dev.ipcchannel.named.ChannelType;
import dev.ipcchannel.named.ConnMode;
import dev.ipcchannel.named.IpcChannel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A process whose threads join a broadcast channel and leave it again and again, as senders,
/// receivers or both. It records what each has done and when, by a clock that all processes of a
/// machine have in common.
///
/// A line for each sending member: `S number opening opened`, and for each message when its send
/// began and ended. A line for each receiving member: `R number opening opened quiet lost`, where
/// all messages sent by `quiet` have been received, and then `sender:first-last`, a sequence
/// without a gap of the messages of one sender. Both halves of a member have the same number.
public final class ChurningChild {

    private static final BroadcastOptions OPTIONS = BroadcastOptions.defaults()
            .withChannel(ChannelOptions.defaults().withCapacity(16_384));
    private static final List<ConnMode> MODES = List.of(ConnMode.values());
    private static final long SEND_MILLIS = 2000; // there may be no receiver at the end
    private static final int[] LENGTHS = {12, 12, 100, 12, 3000, 12, 12, 30_000};

    private final String name;
    private final long end;
    private final AtomicLong numbers;
    private final List<String> lines = new ArrayList<>(); // with its own lock

    private ChurningChild(String name, long first, long nanos) {
        this.name = name;
        this.numbers = new AtomicLong(first);
        this.end = System.nanoTime() + nanos;
    }

    /// Joins and leaves for a while.
    ///
    /// @param arguments the name, the first number of a member, how many threads, how many seconds,
    /// a seed, and the file for the record
    public static void main(String[] arguments) throws Exception {
        ChurningChild child = new ChurningChild(arguments[0], Long.parseLong(arguments[1]),
                TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[3])));
        Random seeds = new Random(Long.parseLong(arguments[4]));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            Random random = new Random(seeds.nextLong());
            threads.add(Thread.ofPlatform().start(() -> child.churn(random)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        child.write(Path.of(arguments[5]));
    }

    private synchronized void write(Path file) throws IOException {
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
            lines.forEach(out::println);
        }
    }

    private synchronized void note(String line) {
        lines.add(line);
    }

    private void churn(Random random) {
        try {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(1000));
            while (System.nanoTime() - end < 0) {
                stay(random);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
            }
        } catch (Exception failure) { // for the test to judge
            failure.printStackTrace();
            System.exit(1);
        }
    }

    /// Joins, takes part for a while, and leaves.
    private void stay(Random random) throws Exception {
        ConnMode mode = MODES.get(random.nextInt(MODES.size()));
        long number = numbers.getAndIncrement();
        long opening = System.nanoTime();
        try (var channel = IpcChannel.open(ChannelType.CHANNEL, name, mode, OPTIONS)) {
            String times = "%d %d %d".formatted(number, opening, System.nanoTime());
            Listener listener = mode != ConnMode.SENDER ? new Listener(channel, times) : null;
            long leaving = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(2000));
            if (mode != ConnMode.RECEIVER) {
                note("S " + times + sent(channel, number, leaving, random));
            } else {
                LockSupport.parkNanos(leaving - System.nanoTime());
            }
            if (listener != null) {
                note(listener.end());
            }
            if (random.nextBoolean()) {
                channel.disconnect();
            }
        }
    }

    private static String sent(IpcChannel<byte[]> channel, long number, long leaving,
            Random random) throws InterruptedException {
        StringBuilder line = new StringBuilder();
        int next = 0;
        while (System.nanoTime() - leaving < 0) {
            byte[] message = new byte[LENGTHS[random.nextInt(LENGTHS.length)]];
            ByteBuffer.wrap(message).putLong(number).putInt(next);
            long begin = System.nanoTime();
            try {
                channel.send(message, SEND_MILLIS);
                line.append(' ').append(begin).append(' ').append(System.nanoTime());
                next++; // else it went to no receiver, and the next one gets its number
            } catch (TimedOut _) {
                // There was no receiver, or some had no room.
            }
            LockSupport.parkNanos(random.nextInt(20_000_000));
        }
        return line.toString();
    }

    /// The receiving half of a member.
    private static final class Listener {

        private final IpcChannel<byte[]> channel;
        private final String head;
        private final Map<Long, List<int[]>> pieces = new TreeMap<>();
        private final Thread thread;
        private volatile boolean isLeaving;
        private volatile long quiet;
        private volatile @Nullable Exception failure;

        private Listener(IpcChannel<byte[]> channel, String times) {
            this.channel = channel;
            this.head = "R " + times;
            this.thread = Thread.ofPlatform().start(this::run);
        }

        private void run() {
            try {
                while (!isLeaving) {
                    try {
                        note(channel.receive(20));
                    } catch (TimedOut _) {
                        // It may be about to leave.
                    }
                }
                while (true) {
                    long now = System.nanoTime();
                    byte[] message = channel.tryReceive();
                    if (message == null) {
                        quiet = now; // all messages sent by then have arrived
                        return;
                    }
                    note(message);
                }
            } catch (Exception thrown) {
                failure = thrown;
            }
        }

        private void note(byte[] message) {
            ByteBuffer bytes = ByteBuffer.wrap(message);
            List<int[]> of = pieces.computeIfAbsent(bytes.getLong(), _ -> new ArrayList<>());
            int next = bytes.getInt();
            if (of.isEmpty() || of.getLast()[1] + 1 != next) {
                of.add(new int[]{next, next});
            } else {
                of.getLast()[1] = next;
            }
        }

        private String end() throws Exception {
            isLeaving = true;
            thread.join();
            Exception thrown = failure;
            if (thrown != null) {
                throw thrown;
            }
            StringBuilder line = new StringBuilder(head).append(' ').append(quiet).append(' ')
                    .append(channel.lost());
            pieces.forEach((sender, all) -> all.forEach(piece -> line
                    .append(" %d:%d-%d".formatted(sender, piece[0], piece[1]))));
            return line.toString();
        }
    }
}
