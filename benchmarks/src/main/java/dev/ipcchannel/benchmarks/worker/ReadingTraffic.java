package dev.ipcchannel.benchmarks.worker;

/// Readings, made beforehand.
final class ReadingTraffic implements Traffic<Reading> {

    private final Reading[] readings = Reading.all();
    private final Reading stop = Reading.of(Reading.STOP);
    private int expected;
    private boolean isStopped;

    @Override
    public void restart() {
        expected = 0;
        isStopped = false;
    }

    @Override
    public Reading message(long sequence) {
        return readings[(int) (sequence % Reading.PERIOD)];
    }

    @Override
    public Reading stop() {
        return stop;
    }

    @Override
    public void check(Reading received) {
        if (received.id() == Reading.STOP) {
            isStopped = true;
            return;
        }
        received.check(readings[expected]);
        expected = expected + 1 == Reading.PERIOD ? 0 : expected + 1;
    }

    @Override
    public boolean isStopped() {
        return isStopped;
    }
}
