package dev.ipcchannel.torture.soak;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.torture.soak.Ends.Block;
import dev.ipcchannel.torture.soak.Ends.Pair;
import dev.ipcchannel.torture.soak.Ends.Parcel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// The child on the other side of all currents. The storm stops and continues it from time to time.
/// It ends with 0 when the host has closed its ends.
///
/// Argument: the server's name.
public final class PartnerChild {

    private static final int FEEDS = 8;
    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

    private static final Queue<Throwable> FAULTS = new ConcurrentLinkedQueue<>();

    private interface Current {
        void run() throws InterruptedException;
    }

    private PartnerChild() {}

    /// Runs the child.
    public static void main(String[] arguments) throws InterruptedException {
        Duplex.Pair<byte[], byte[]> echo = Duplex.create(byte[].class, byte[].class);
        Responder.Pair<Pair, Long> calls = Responder.create(Pair.class, Long.class);
        Channel<Parcel> parcels = Channel.create(Parcel.class);
        Duplex.Pair<Block, Block> blocks = Duplex.create(Block.class, Block.class);
        List<Channel<Long>> feeds =
                Stream.generate(() -> Channel.create(Long.class)).limit(FEEDS).toList();
        try (Sender<Ends> host = OneShotServer.connect(arguments[0], Ends.class)) {
            host.send(new Ends(echo.far(), calls.far(), parcels.sender(), blocks.far(),
                    feeds.stream().map(Channel::receiver).toList()));
        }
        List<Thread> threads = new ArrayList<>();
        threads.add(start("echo", () -> echo(echo.near())));
        threads.add(start("calls", () -> calls.near()
                .serve((pair, _) -> pair.first() + pair.second())));
        threads.add(start("parcels", () -> answer(parcels.receiver())));
        threads.add(start("blocks", () -> returnBlocks(blocks.near())));
        threads.add(start("feeds", () -> feed(feeds)));
        for (Thread thread : threads) {
            thread.join();
        }
        FAULTS.forEach(Throwable::printStackTrace);
        System.exit(FAULTS.isEmpty() ? 0 : 1);
    }

    private static Thread start(String name, Current current) {
        return Thread.ofPlatform().name(name).start(() -> {
            try {
                current.run();
            } catch (Disconnected | EndClosed _) {
                // The host has closed its ends.
            } catch (InterruptedException | RuntimeException | Error failure) {
                FAULTS.add(failure);
            }
        });
    }

    private static void echo(Duplex<byte[], byte[]> near) throws InterruptedException {
        try (near) {
            while (true) {
                near.send(near.receive());
            }
        }
    }

    private static void answer(Receiver<Parcel> parcels) throws InterruptedException {
        try (parcels) {
            while (true) {
                Parcel parcel = parcels.receive();
                try (Sender<Long> answer = parcel.answer()) {
                    answer.send(parcel.number());
                }
            }
        }
    }

    private static void returnBlocks(Duplex<Block, Block> near) throws InterruptedException {
        try (near) {
            while (true) {
                Block block = near.receive();
                try (var _ = block.bytes()) {
                    near.send(block);
                }
            }
        }
    }

    private static void feed(List<Channel<Long>> feeds) throws InterruptedException {
        List<Sender<Long>> senders = feeds.stream().map(Channel::sender).toList();
        try {
            for (long number = 0;; number++) {
                for (Sender<Long> sender : senders) {
                    sender.send(number);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } finally {
            senders.forEach(Sender::close);
        }
    }
}
