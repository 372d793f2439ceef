package dev.ipcchannel.internal.wait;

/// The time that a wait may look before it sleeps: not at all where looking has not paid for a
/// while.
///
/// A thread that looks takes a processor from somebody else. So after a number of looks in vain
/// only one wait in 32 looks, later one in 1024, until one has paid again. Virtual threads never
/// look, and nobody does on a machine of one processor, where the other side could not go on
/// meanwhile.
///
/// Used by one thread at a time.
public final class SpinBudget {

    /// Never sleeps.
    public static final long FOREVER = Long.MAX_VALUE;

    /// Looks in vain, one after the other, that are forgiven.
    static final int PATIENCE = 16;

    /// Waits between two looks, once they have not paid: the first and the most.
    static final int FIRST_PAUSE = 32;
    static final int LONGEST_PAUSE = 1024;

    private static final boolean HAS_ONE_PROCESSOR =
            Runtime.getRuntime().availableProcessors() == 1;

    private final long nanos;
    private int inVain;
    private int pause;
    private int left; // waits that do not look

    /// @param nanos as the channel's options say; [#FOREVER] is kept to by every
    /// platform thread
    public SpinBudget(long nanos) {
        this.nanos = nanos;
    }

    /// How long the wait that begins now may look; 0 if it sleeps at once.
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

    /// A look has found what it waited for.
    public void paid() {
        inVain = 0;
        pause = 0;
    }

    /// A look was in vain.
    public void wasted() {
        if (++inVain >= PATIENCE) {
            pause = Math.clamp(2L * pause, FIRST_PAUSE, LONGEST_PAUSE);
            left = pause;
        }
    }
}
