package dev.ipcchannel.torture.heap;

import org.jspecify.annotations.Nullable;

/// The point before each allocation of the library's classes. The armed thread's allocation with a
/// given number finds no heap. All of it is public, since its callers are of another class loader.
public final class FaultPoint {

    private static volatile @Nullable Thread target;
    private static int left; // allocations of the target until the one that fails
    private static int passed;
    private static boolean hasFailed;

    private FaultPoint() {}

    /// Makes an allocation of the calling thread fail.
    ///
    /// @param number of the allocation, counted from 1 from now on
    public static void arm(int number) {
        left = number;
        passed = 0;
        hasFailed = false;
        target = Thread.currentThread();
    }

    /// Ends the failing of allocations.
    ///
    /// @return the number of allocations since [#arm]
    public static int disarm() {
        target = null;
        return passed;
    }

    /// Whether an allocation has failed since [#arm].
    public static boolean hasFailed() {
        return hasFailed;
    }

    /// Counts an allocation that follows, and fails if it is the one.
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
