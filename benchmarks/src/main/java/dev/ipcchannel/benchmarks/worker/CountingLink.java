package dev.ipcchannel.benchmarks.worker;

/// A link that counts the messages of a run, each of which it checks against the number that is
/// due, up to one that says it is over.
abstract class CountingLink implements Link {

    private long expected;
    private boolean isStopped;

    @Override
    public final void restart() {
        expected = 0;
        isStopped = false;
    }

    @Override
    public final boolean isStopped() {
        return isStopped;
    }

    /// The number that is due, once.
    final long next() {
        return expected++;
    }

    /// The number that was due last.
    final long last() {
        return expected - 1;
    }

    /// Notes what has come: the number that was due, or [Payload#STOP], which is that of blocks
    /// too.
    final void note(long sequence) {
        isStopped = sequence == Payload.STOP;
    }
}
