package dev.ipcchannel.torture.heap;

import org.jspecify.annotations.Nullable;

/// The method that is called before each allocation of the library's classes: one of them, of the
/// thread that asked for it, finds no heap. Public throughout, as what calls it is of another class
/// loader.
public final class FaultPoint {

    private static volatile @Nullable Thread target;
    private static int left; // allocations of the target until the one that fails
    private static int passed;
    private static boolean hasFailed;

    private FaultPoint() {}

    /// Has an allocation of the calling thread fail.
    ///
    /// @param number which of those that come, from 1 on
    public static void arm(int number) {
        left = number;
        passed = 0;
        hasFailed = false;
        target = Thread.currentThread();
    }

    /// No allocation fails any more.
    ///
    /// @return how many there were
    public static int disarm() {
        target = null;
        return passed;
    }

    /// Whether one has failed since [#arm].
    public static boolean hasFailed() {
        return hasFailed;
    }

    /// An allocation comes.
    @SuppressWarnings("ReferenceEquality") // threads are meant by identity
    public static void pass() {
        if (Thread.currentThread() != target) {
            return;
        }
        passed++;
        if (--left == 0) {
            hasFailed = true;
            throw new OutOfMemoryError("made to fail");
        }
    }
}
