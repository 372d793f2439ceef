package dev.ipcchannel;

import dev.ipcchannel.internal.base.Log;
import java.lang.ref.Cleaner;
import java.lang.ref.Cleaner.Cleanable;

/// Closes ends that nobody has closed and nobody can reach any more, and says so: the memory and the
/// descriptors of an end are not the collector's to see.
final class ForgottenEnds {

    private static final class Holder { // made with the first end
        private static final Cleaner CLEANER = Cleaner.create(task -> {
            Thread thread = new Thread(task, "ipc-channel cleaner");
            thread.setDaemon(true);
            return thread;
        });
    }

    private ForgottenEnds() {}

    /// Has `closer` run when `end` is forgotten, or at [Cleanable#clean]. It holds no reference to
    /// the end.
    static Cleanable register(Object end, Runnable closer) {
        return Holder.CLEANER.register(end, closer);
    }

    /// Has `closer` run when something is forgotten that holds no end of its own, which is no
    /// mistake worth a word.
    static Cleanable registerQuietly(Object holder, Runnable closer) {
        return Holder.CLEANER.register(holder, closer);
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
