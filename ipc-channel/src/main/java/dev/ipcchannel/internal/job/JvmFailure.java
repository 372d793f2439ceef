package dev.ipcchannel.internal.job;

import dev.ipcchannel.internal.rendezvous.ParentProcess;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The first error of this worker's that leaves its JVM in doubt, in a thread of the program's or
/// in the loop: the jobs in hand fail with it, the host is notified, and the set replaces the
/// worker.
///
/// It comes by the default handler for what no thread catches. One that the program has set before
/// is called as well; one that it sets later takes its place.
public final class JvmFailure {

    /// The names of such errors. Not `StackOverflowError`, which is a bug of one job.
    public static final Set<String> KINDS = Set.of("java.lang.OutOfMemoryError",
            "java.lang.InternalError", "java.lang.UnknownError");

    private static final AtomicBoolean IS_WATCHED = new AtomicBoolean();
    private static final AtomicReference<@Nullable Error> FIRST = new AtomicReference<>();

    private JvmFailure() {}

    /// Notes such errors from now on.
    public static void watch() {
        if (IS_WATCHED.compareAndSet(false, true)) {
            UncaughtExceptionHandler former = Thread.getDefaultUncaughtExceptionHandler();
            Thread.setDefaultUncaughtExceptionHandler(
                    (thread, thrown) -> note(thread, thrown, former));
        }
    }

    private static void note(Thread thread, Throwable thrown,
            @Nullable UncaughtExceptionHandler former) {
        if (thrown instanceof Error error) {
            note(error); // first: there may be no memory for what follows
        }
        if (former != null) {
            former.uncaughtException(thread, thrown);
        } else { // as the JDK does it
            System.err.print("Exception in thread \"" + thread.getName() + "\" ");
            thrown.printStackTrace(System.err);
        }
    }

    /// Notes such an error, and notifies the parent at once.
    public static void note(Error error) {
        if (KINDS.contains(error.getClass().getName()) && FIRST.compareAndSet(null, error)) {
            ParentProcess.sayFailed(error);
        }
    }

    /// Notifies the parent, with which this process has just connected, of an error before that.
    public static void notifyParent() {
        Error error = first();
        if (error != null) {
            ParentProcess.sayFailed(error);
        }
    }

    /// That error, if there was one.
    public static @Nullable Error first() {
        return FIRST.get();
    }

    /// Throws that error, if there was one.
    public static void check() {
        Error error = first();
        if (error != null) {
            throw error;
        }
    }
}
