package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Sender;

/// Ours, typed: `send` and `receive` of a record with numbers, an array and a string.
final class ReadingLink extends ChannelLink<Reading> {

    private final Reading[] readings = Reading.all();
    private final Reading stop = Reading.of(Reading.STOP);
    private final boolean isExclusive;
    private int expected;
    private boolean isStopped;

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
        expected = 0;
        isStopped = false;
    }

    @Override
    public void exchange(long sequence) throws InterruptedException {
        send(sequence);
        check(receiver().receive());
    }

    @Override
    public void answer() throws InterruptedException {
        Reading received = receiver().receive();
        check(received);
        if (!isStopped) {
            sender().send(received);
        }
    }

    @Override
    public void send(long sequence) throws InterruptedException {
        sender().send(readings[(int) (sequence % Reading.PERIOD)]);
    }

    @Override
    public int drain() throws InterruptedException {
        check(receiver().receive());
        return 1;
    }

    @Override
    public void stop() throws InterruptedException {
        sender().send(stop);
    }

    @Override
    public boolean isStopped() {
        return isStopped;
    }

    private void check(Reading received) {
        if (received.id() == Reading.STOP) {
            isStopped = true;
            return;
        }
        received.check(readings[expected]);
        expected = expected + 1 == Reading.PERIOD ? 0 : expected + 1;
    }
}
