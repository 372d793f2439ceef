package dev.ipcchannel.stress;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A limit for waits without a timeout: so a lost wake-up makes its case fail, and does not hang
/// the run.
public final class Patience {

    /// Longer than any thread takes for a few instructions, even on a busy machine.
    public static final Duration LIMIT = Duration.ofSeconds(20);

    private static final int LOOKS = 1000; // until the processor goes to another thread
    private static final long PAUSE_NANOS = 50_000;
    private static final int EXIT_CODE = 70;

    private Patience() {}

    /// The steps of an actor, which may wait. Their result is the actor's part of the outcome.
    @FunctionalInterface
    public interface Steps {

        int go() throws InterruptedException;
    }

    /// Runs steps that are not interrupted: an actor may not throw a checked exception.
    public static int uninterrupted(Steps steps) {
        try {
            return steps.go();
        } catch (InterruptedException failure) {
            throw new AssertionError("an actor was interrupted", failure);
        }
    }

    /// Waits until a condition holds. If it does not within [#LIMIT], this ends the JVM, which
    /// jcstress reports for the case: a single thread that waits for ever cannot be ended.
    ///
    /// @param what the failed condition, as a sentence
    public static void await(BooleanSupplier isSo, String what) {
        if (!has(isSo)) {
            System.err.println(what + " within " + LIMIT.toSeconds() + " s");
            System.err.flush();
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    /// Waits until a condition holds.
    ///
    /// @return false if it does not within [#LIMIT]
    public static boolean has(BooleanSupplier isSo) {
        long start = System.nanoTime();
        for (int looks = 0; !isSo.getAsBoolean(); looks++) {
            if (looks < LOOKS) {
                Thread.onSpinWait();
                continue;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                return false;
            }
        }
        return true;
    }
}
