package dev.ipcchannel.internal.wait;

/// The time that a wait may spin before it sleeps: none if spinning has not paid for a while.
///
/// A spinning thread takes a processor from other threads. So after a number of spins in vain only
/// one wait in 32 spins, later one in 1024, until a spin has paid again. Virtual threads never
/// spin, and no thread spins on a machine of one processor, where the other side could not go on
/// meanwhile.
///
/// Used by one thread at a time.
public final class SpinBudget {

    /// The budget of a wait that never sleeps.
    public static final long FOREVER = Long.MAX_VALUE;

    /// The number of consecutive spins in vain that have no effect.
    static final int PATIENCE = 16;

    /// The number of waits between two spins, once these do not pay: the first and the most.
    static final int FIRST_PAUSE = 32;
    static final int LONGEST_PAUSE = 1024;

    private static final boolean HAS_ONE_PROCESSOR =
            Runtime.getRuntime().availableProcessors() == 1;

    private final long nanos;
    private int inVain;
    private int pause;
    private int left; // waits that still do not spin

    /// @param nanos as the channel's options say; with [#FOREVER] every platform thread spins
    /// without end
    public SpinBudget(long nanos) {
        this.nanos = nanos;
    }

    /// The time that the wait which begins now may spin; 0 if it sleeps at once.
    public long next() {
        if (nanos == 0 || Thread.currentThread().isVirtual()) {
            return 0;
        }
        if (nanos == FOREVER) {
            return nanos;
        }
        if (HAS_ONE_PROCESSOR) {
            return 0;
        }
        if (left > 0) {
            left--;
            return 0;
        }
        return nanos;
    }

    /// Notes that a spin has found what it waited for.
    public void paid() {
        inVain = 0;
        pause = 0;
    }

    /// Notes that a spin was in vain.
    public void wasted() {
        if (++inVain >= PATIENCE) {
            pause = Math.clamp(2L * pause, FIRST_PAUSE, LONGEST_PAUSE);
            left = pause;
        }
    }
}
