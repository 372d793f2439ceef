package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TypeToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// This process's sides of many conversations with the other one: the follower makes them and hands
/// their far sides over, one message each.
///
/// Every channel has carried a message before the first is measured, so each receiver has a lane
/// from the other process.
final class Sides implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Codec<Receiver<Duplex<byte[], byte[]>>> HANDOVER =
            Codec.of(new TypeToken<>() {});

    private final ChannelOptions options;
    private final int count;
    private final String address;
    private final @Nullable OneShotServer<Receiver<Duplex<byte[], byte[]>>> server; // the leader's
    private final List<Duplex<byte[], byte[]>> sides = new ArrayList<>();

    /// @param address the server's name for the follower, empty for the leader
    Sides(ChannelOptions options, String address, int count) {
        this.options = options;
        this.count = count;
        this.server = address.isEmpty() ? OneShotServer.open(HANDOVER) : null;
        this.address = server == null ? address : server.name();
    }

    String address() {
        return address;
    }

    boolean isLeader() {
        return server != null;
    }

    void open() throws InterruptedException {
        if (server == null) {
            make();
        } else {
            try (Receiver<Duplex<byte[], byte[]>> made = server.accept(PATIENCE)) {
                while (sides.size() < count) {
                    sides.add(made.receive(PATIENCE));
                }
            }
        }
        greet();
    }

    private void make() throws InterruptedException {
        try (Channel<Duplex<byte[], byte[]>> made = Channel.create(new TypeToken<>() {});
                Sender<Receiver<Duplex<byte[], byte[]>>> leader =
                        OneShotServer.connect(address, HANDOVER)) {
            leader.send(made.receiver());
            while (sides.size() < count) {
                Duplex.Pair<byte[], byte[]> pair =
                        Duplex.create(byte[].class, byte[].class, options);
                sides.add(pair.near());
                made.sender().send(pair.far());
            }
        }
    }

    /// A message on each channel: after it the lane is there.
    private void greet() throws InterruptedException {
        byte[] greeting = new byte[Payload.LENGTH];
        for (int i = 0; i < count; i++) {
            Payload.write(greeting, i);
            sender(i).send(greeting);
        }
        for (int i = 0; i < count; i++) {
            Payload.check(receiver(i).receive(PATIENCE), i);
        }
    }

    Sender<byte[]> sender(int i) {
        return sides.get(i).sender();
    }

    Receiver<byte[]> receiver(int i) {
        return sides.get(i).receiver();
    }

    int count() {
        return count;
    }

    @Override
    public void close() {
        sides.forEach(Duplex::close);
        if (server != null) {
            server.close();
        }
    }
}
