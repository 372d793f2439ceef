package dev.ipcchannel.torture;

import java.time.Duration;
import java.util.SplittableRandom;

/// The time and the seed that a storm is given.
public final class Budget {

    private static final Duration EXTENSION = Duration.ofMinutes(3); // for a slow machine

    private final long seed;
    private final boolean isShort;
    private final Duration time;
    private final long startNanos = System.nanoTime();

    /// Makes a budget whose time starts now.
    ///
    /// @param isShort whether this is the short form, in which a storm leaves out its long parts
    public Budget(long seed, Duration time, boolean isShort) {
        this.seed = seed;
        this.time = time;
        this.isShort = isShort;
    }

    /// The seed of all random choices.
    public long seed() {
        return seed;
    }

    /// A new source of random numbers, the same at each call.
    public SplittableRandom random() {
        return new SplittableRandom(seed);
    }

    /// Whether this is the short form.
    public boolean isShort() {
        return isShort;
    }

    /// The whole time.
    public Duration time() {
        return time;
    }

    /// The remaining time; zero when it is used up.
    public Duration left() {
        Duration left = time.minusNanos(System.nanoTime() - startNanos);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /// Whether there is time left.
    public boolean isLeft() {
        return left().isPositive();
    }

    /// Whether a storm whose time is over may continue to hit its remaining aims.
    public boolean isExtended() {
        return System.nanoTime() - startNanos < time.plus(EXTENSION).toNanos();
    }

    /// A part of the remaining time, with the same seed.
    ///
    /// @param share from 0 to 1
    public Budget share(double share) {
        return new Budget(seed, Duration.ofNanos((long) (left().toNanos() * share)), isShort);
    }
}
