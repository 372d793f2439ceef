package dev.ipcchannel;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.MadeOnce;
import dev.ipcchannel.internal.base.OwnPackages;
import dev.ipcchannel.internal.base.SharedThread;
import java.lang.ref.Cleaner;
import java.lang.ref.Cleaner.Cleanable;
import org.jspecify.annotations.Nullable;

/// The closing of ends that nobody has closed and nobody can reach any more, with a warning: the
/// memory and the descriptors of an end are not the collector's to see.
final class ForgottenEnds {

    /// The system property by which the places are kept where ends are made.
    private static final String TRACE = "dev.ipcchannel.traceEnds";

    private static final MadeOnce<Cleaner> CLEANER = new MadeOnce<>() {
        @Override
        protected Cleaner make() {
            return Cleaner.create(task -> new SharedThread(task, "ipc-channel cleaner"));
        }
    };

    private ForgottenEnds() {}

    /// Has `closer` run when `end` is forgotten, or at [Cleanable#clean]. It holds no reference to
    /// the end.
    static Cleanable register(Object end, Runnable closer) {
        return CLEANER.get().register(end, closer);
    }

    /// Where an end is made, if the property [#TRACE] asks for that; else null.
    static @Nullable Throwable place() {
        return Boolean.getBoolean(TRACE) ? new Throwable("the end was made here") : null;
    }

    /// What end it is, of which channel.
    ///
    /// @param what its kind
    /// @param type of its messages; empty if it is not known
    /// @param state what there is to say of it, from its comma on
    static String named(String what, String type, String state) {
        return what + (type.isEmpty() ? "" : " of " + type) + state;
    }

    /// Says that an end is closed because it was forgotten.
    ///
    /// @param what end it is, of which channel
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
