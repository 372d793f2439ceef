package dev.ipcchannel;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.MadeOnce;
import dev.ipcchannel.internal.base.OwnPackages;
import dev.ipcchannel.internal.base.SharedThread;
import java.lang.ref.Cleaner;
import java.lang.ref.Cleaner.Cleanable;
import org.jspecify.annotations.Nullable;

/// A registry that closes unreachable ends that were not closed, with a warning: the garbage
/// collector knows nothing of their memory and descriptors.
final class ForgottenEnds {

    /// The system property that has the place recorded where each end is made.
    private static final String TRACE = "dev.ipcchannel.traceEnds";

    private static final MadeOnce<Cleaner> CLEANER = new MadeOnce<>() {
        @Override
        protected Cleaner make() {
            return Cleaner.create(task -> new SharedThread(task, "ipc-channel cleaner"));
        }
    };

    private ForgottenEnds() {}

    /// Registers `closer` to run when `end` is forgotten, or at [Cleanable#clean]. `closer` has no
    /// reference to the end.
    static Cleanable register(Object end, Runnable closer) {
        return CLEANER.get().register(end, closer);
    }

    /// The place of the call, where an end is made, if the property [#TRACE] is set; else null.
    static @Nullable Throwable place() {
        return Boolean.getBoolean(TRACE) ? new Throwable("the end was made here") : null;
    }

    /// The words for an end in the log.
    ///
    /// @param what kind of end it is
    /// @param type of its messages; empty if it is not known
    /// @param state further facts, with the comma before them
    static String named(String what, String type, String state) {
        return what + (type.isEmpty() ? "" : " of " + type) + state;
    }

    /// Closes a forgotten end and writes a warning.
    ///
    /// @param what words for the end
    /// @param place where it was made, if that is known
    static void report(String what, @Nullable Throwable place, Runnable close) {
        Log.warning("an end was forgotten without a close, and is closed now: close it, or use"
                + " try-with-resources",
                place == null ? what + ": -D" + TRACE + "=true says where it was made"
                        : what + ": made at " + user(place),
                place);
        try {
            close.run();
        } catch (RuntimeException failure) {
            Log.warning("an end that was forgotten could not be closed", failure);
        }
    }

    /// The first place outside of the library.
    private static String user(Throwable place) {
        for (StackTraceElement frame : place.getStackTrace()) {
            String name = frame.getClassName();
            if (!OwnPackages.have(name.substring(0, Math.max(0, name.lastIndexOf('.'))))) {
                return frame.toString();
            }
        }
        return "a place of the library's own";
    }
}
