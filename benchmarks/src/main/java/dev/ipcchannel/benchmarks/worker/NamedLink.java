package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.named.NamedReceiver;
import dev.ipcchannel.named.NamedSender;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Ours by name, typed: what a [ReadingLink] does, through two named channels of one sender and one
/// receiver each.
final class NamedLink implements Link {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final NamedSide side;
    private final ReadingCheck readings = new ReadingCheck();
    private @Nullable NamedReceiver<Reading> receiver;
    private @Nullable NamedSender<Reading> sender;

    /// @param address the directory for the follower, empty for the leader
    NamedLink(ChannelOptions options, String address) throws IOException {
        side = NamedSide.of(options, address);
    }

    @Override
    public String address() {
        return side.directory().toString();
    }

    @Override
    public void open() throws InterruptedException {
        receiver = NamedReceiver.open(side.in(), Reading.class, side.options());
        NamedSender<Reading> opened =
                NamedSender.open(side.out(), Reading.class, side.options());
        sender = opened;
        opened.waitForReceivers(1, PATIENCE);
    }

    @Override
    public void restart() {
        readings.restart();
    }

    @Override
    public void exchange(long sequence) throws InterruptedException {
        send(sequence);
        readings.check(receiver().receive());
    }

    @Override
    public void answer() throws InterruptedException {
        Reading received = receiver().receive();
        readings.check(received);
        if (!readings.isStopped()) {
            sender().send(received);
        }
    }

    @Override
    public void send(long sequence) throws InterruptedException {
        sender().send(readings.of(sequence));
    }

    @Override
    public int drain() throws InterruptedException {
        readings.check(receiver().receive());
        return 1;
    }

    @Override
    public void stop() throws InterruptedException {
        sender().send(readings.stop());
    }

    @Override
    public boolean isStopped() {
        return readings.isStopped();
    }

    private NamedReceiver<Reading> receiver() {
        NamedReceiver<Reading> open = receiver;
        if (open == null) {
            throw new IllegalStateException("this link is not open");
        }
        return open;
    }

    private NamedSender<Reading> sender() {
        NamedSender<Reading> open = sender;
        if (open == null) {
            throw new IllegalStateException("this link is not open");
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        try {
            if (sender != null) {
                sender.close();
            }
            if (receiver != null) {
                receiver.close();
            }
        } finally {
            side.close();
        }
    }
}
