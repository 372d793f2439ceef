package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Sender;

/// Ours, typed: `send` and `receive` of a record with numbers, an array and a string.
final class ReadingLink extends ChannelLink<Reading> {

    private final ReadingCheck readings = new ReadingCheck();
    private final boolean isExclusive;

    /// @param isExclusive whether to send through an exclusive sender, not through the shared one
    ReadingLink(ChannelOptions options, String address, boolean isExclusive) {
        super(Reading.class, options, address);
        this.isExclusive = isExclusive;
    }

    @Override
    Sender<Reading> adapt(Sender<Reading> shared) {
        return isExclusive ? shared.exclusive() : shared;
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
}
