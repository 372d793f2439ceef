package dev.ipcchannel;

import dev.ipcchannel.internal.base.Log;
import java.lang.ref.Cleaner;
import java.lang.ref.Cleaner.Cleanable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Closes ends that nobody has closed and nobody can reach any more, and says so: the memory and the
/// descriptors of an end are not the collector's to see.
final class ForgottenEnds {

    private static final ReentrantLock STARTING = new ReentrantLock();

    // Made with the first end; a failure to make it is not for ever.
    private static volatile @Nullable Cleaner cleaner;

    private ForgottenEnds() {}

    /// Has `closer` run when `end` is forgotten, or at [Cleanable#clean]. It holds no reference to
    /// the end.
    static Cleanable register(Object end, Runnable closer) {
        return cleaner().register(end, closer);
    }

    /// Has `closer` run when something is forgotten that holds no end of its own, which is no
    /// mistake worth a word.
    static Cleanable registerQuietly(Object holder, Runnable closer) {
        return cleaner().register(holder, closer);
    }

    private static Cleaner cleaner() {
        Cleaner made = cleaner;
        return made == null ? madeOnce() : made;
    }

    /// Not by a class that is initialized: a virtual thread that waits for that keeps its carrier.
    private static Cleaner madeOnce() {
        STARTING.lock();
        try {
            Cleaner made = cleaner;
            if (made == null) {
                made = Cleaner.create(task -> {
                    Thread thread = new Thread(task, "ipc-channel cleaner");
                    thread.setDaemon(true);
                    return thread;
                });
                cleaner = made;
            }
            return made;
        } finally {
            STARTING.unlock();
        }
    }

    /// Says that an end is closed because it was forgotten.
    static void report(String what, Runnable close) {
        Log.warning("an end was forgotten without a close, and is closed now: close it, or use"
                + " try-with-resources", what);
        try {
            close.run();
        } catch (RuntimeException failure) {
            Log.warning("an end that was forgotten could not be closed", failure);
        }
    }
}
