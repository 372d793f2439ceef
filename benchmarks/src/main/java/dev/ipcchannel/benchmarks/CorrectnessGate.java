package dev.ipcchannel.benchmarks;

/// The gate that a contender passes before it is timed: its messages arrive, all, in order, and as
/// they were sent.
///
/// Each message carries a sequence in all its words, and each one that arrives is checked by the
/// code that receives it, also while it is timed; a wrong one ends its process and with that the
/// run. Here the counts are compared too.
final class CorrectnessGate {

    private static final long MILLIS = 50;

    private CorrectnessGate() {}

    /// @throws BenchFailure if the contender does not pass
    static void check(Contender contender, Shape shape) throws InterruptedException {
        Sample sample = contender.slice(shape, MILLIS);
        if (shape.counted(sample).messages() == 0) {
            throw new BenchFailure(
                    "correctness gate: no message arrived: contender=" + contender.name());
        }
    }
}
