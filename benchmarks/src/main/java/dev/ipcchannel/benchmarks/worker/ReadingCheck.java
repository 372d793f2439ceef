package dev.ipcchannel.benchmarks.worker;

/// The readings of one slice: those to send, and the check of those that come.
final class ReadingCheck {

    private final Reading[] readings = Reading.all();
    private final Reading stop = Reading.of(Reading.STOP);
    private int expected;
    private boolean isStopped;

    /// Starts from zero.
    void restart() {
        expected = 0;
        isStopped = false;
    }

    /// The one of that number.
    Reading of(long sequence) {
        return readings[(int) (sequence % Reading.PERIOD)];
    }

    /// The one that ends a slice.
    Reading stop() {
        return stop;
    }

    boolean isStopped() {
        return isStopped;
    }

    /// @throws IllegalStateException if it is not the next one
    void check(Reading received) {
        if (received.id() == Reading.STOP) {
            isStopped = true;
            return;
        }
        received.check(readings[expected]);
        expected = expected + 1 == Reading.PERIOD ? 0 : expected + 1;
    }
}
