package dev.ipcchannel.benchmarks.worker;

import java.io.IOException;

/// Ours, typed: messages of some traffic by some way, one send and one receive each.
///
/// @param <T> the type of the messages
final class MessageLink<T> implements Link {

    private final Way<T> way;
    private final Traffic<T> traffic;

    MessageLink(Way<T> way, Traffic<T> traffic) {
        this.way = way;
        this.traffic = traffic;
    }

    @Override
    public String address() {
        return way.address();
    }

    @Override
    public void open() throws InterruptedException {
        way.open();
    }

    @Override
    public void restart() {
        traffic.restart();
    }

    @Override
    public void exchange(long sequence) throws InterruptedException {
        send(sequence);
        traffic.check(way.receive());
    }

    @Override
    public void answer() throws InterruptedException {
        T received = way.receive();
        traffic.check(received);
        if (!traffic.isStopped()) {
            way.send(received);
        }
    }

    @Override
    public void send(long sequence) throws InterruptedException {
        way.send(traffic.message(sequence));
    }

    @Override
    public int drain() throws InterruptedException {
        traffic.check(way.receive());
        return 1;
    }

    @Override
    public void stop() throws InterruptedException {
        way.send(traffic.stop());
    }

    @Override
    public boolean isStopped() {
        return traffic.isStopped();
    }

    @Override
    public void close() throws IOException {
        way.close();
    }
}
