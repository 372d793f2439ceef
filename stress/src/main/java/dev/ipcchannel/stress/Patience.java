package dev.ipcchannel.stress;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// The bound of a wait that has none of its own: so a wake-up that is lost is a failure of its
/// case, and not a run that hangs.
public final class Patience {

    /// No thread takes that long for a few instructions, however busy the machine is.
    public static final Duration LIMIT = Duration.ofSeconds(20);

    private static final int LOOKS = 1000; // until the processor goes to another thread
    private static final long PAUSE_NANOS = 50_000;
    private static final int EXIT_CODE = 70;

    private Patience() {}

    /// The steps of an actor that may wait. What it returns is its part of the outcome.
    @FunctionalInterface
    public interface Steps {

        int go() throws InterruptedException;
    }

    /// Goes through steps that nothing interrupts: an actor may not throw what is checked.
    public static int uninterrupted(Steps steps) {
        try {
            return steps.go();
        } catch (InterruptedException failure) {
            throw new AssertionError("an actor was interrupted", failure);
        }
    }

    /// Waits until something is so. Ends the JVM if it never is, which jcstress says of the case: a
    /// thread that waits for ever cannot be ended by itself.
    ///
    /// @param what is not so then, as a sentence
    public static void await(BooleanSupplier isSo, String what) {
        if (!has(isSo)) {
            System.err.println(what + " within " + LIMIT.toSeconds() + " s");
            System.err.flush();
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    /// Waits until something is so.
    ///
    /// @return false if it never is
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
