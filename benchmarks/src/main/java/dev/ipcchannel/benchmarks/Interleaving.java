package dev.ipcchannel.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// Contenders that take turns in short slices, so that whatever the machine does meets all of them.
///
/// All run in one round after the other; the ratio of two is taken within a round.
final class Interleaving {

    private static final int WARM_UP_SLICES = 4;
    private static final int STEADY_SLICES = 6;
    private static final double QUICKER = 1.03; // less is noise

    private final Shape shape;
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

    private Interleaving(Shape shape) {
        this.shape = shape;
    }

    /// Checks and warms the contenders up, then measures them in turn, every second round
    /// backwards.
    static Interleaving run(Shape shape, List<? extends Contender> contenders, Pace pace)
            throws InterruptedException {
        for (Contender contender : contenders) {
            CorrectnessGate.check(contender, shape);
            for (int slice = 0; slice < WARM_UP_SLICES; slice++) {
                // Several: what ends a slice is compiled too.
                contender.slice(shape, pace.warmUpMillis() / WARM_UP_SLICES);
            }
        }
        return measure(shape, contenders, pace);
    }

    /// The same, but each is warmed up until its rate rises no more, or for as long as
    /// [Pace#mostWarmUpMillis]: where several JVMs share the processors, a fixed time is too short
    /// for one machine and too long for another.
    static Interleaving runSteady(Shape shape, List<? extends Contender> contenders, Pace pace)
            throws InterruptedException {
        for (Contender contender : contenders) {
            CorrectnessGate.check(contender, shape);
            warmUntilSteady(shape, contender, pace);
        }
        return measure(shape, contenders, pace);
    }

    private static void warmUntilSteady(Shape shape, Contender contender, Pace pace)
            throws InterruptedException {
        double best = 0;
        int noQuicker = 0; // slices since it was quicker than ever
        for (long left = pace.mostWarmUpMillis(); left > 0 && noQuicker < STEADY_SLICES; left -=
                pace.warmUpMillis()) {
            Sample sample = contender.slice(shape, pace.warmUpMillis());
            double rate = shape.counted(sample).rate();
            noQuicker = rate > QUICKER * best ? 0 : noQuicker + 1;
            best = Math.max(best, rate);
        }
    }

    private static Interleaving measure(Shape shape, List<? extends Contender> contenders,
            Pace pace) throws InterruptedException {
        Interleaving result = new Interleaving(shape);
        List<Contender> order = new ArrayList<>(contenders);
        order.forEach(contender -> result.samples.put(contender.name(), new ArrayList<>()));
        for (int round = 0; round < pace.rounds(); round++) {
            for (Contender contender : order) {
                result.of(contender.name()).add(contender.slice(shape, pace.sliceMillis()));
            }
            order = order.reversed();
        }
        return result;
    }

    /// A contender's samples, one a round.
    List<Sample> of(String name) {
        List<Sample> found = samples.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no such contender: " + name);
        }
        return found;
    }

    /// The number that counts.
    Spread figure(String name) {
        return Spread.of(of(name).stream().mapToDouble(shape::figure).toArray());
    }

    /// The slowest hundredth of the round trips, in nanoseconds.
    Spread p99(String name) {
        return Spread.of(of(name).stream().mapToDouble(sample -> sample.leader().p99()).toArray());
    }

    /// One contender's number divided by another's, round by round.
    Spread ratio(String name, String base) {
        return ratio(name, base, shape::figure);
    }

    /// The same with any number of a sample.
    Spread ratio(String name, String base, ToDoubleFunction<Sample> figure) {
        double[] ratios = new double[of(name).size()];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = figure.applyAsDouble(of(name).get(round))
                    / figure.applyAsDouble(of(base).get(round));
        }
        return Spread.of(ratios);
    }
}
