package dev.ipcchannel.internal.job;

import dev.ipcchannel.internal.rendezvous.ParentProcess;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The first error in this worker that leaves its JVM in doubt, in a thread of the program or in
/// the worker's loop. The jobs in hand fail with it, the host is notified, and the set replaces the
/// worker.
///
/// An error that no thread catches comes by the default handler for uncaught exceptions. A handler
/// that the program has set before is called as well; one that it sets later replaces this handler.
public final class JvmFailure {

    /// The names of such errors. Not `StackOverflowError`, which is a bug of one job.
    public static final Set<String> KINDS = Set.of("java.lang.OutOfMemoryError",
            "java.lang.InternalError", "java.lang.UnknownError");

    private static final AtomicBoolean IS_WATCHED = new AtomicBoolean();
    private static final AtomicReference<@Nullable Error> FIRST = new AtomicReference<>();

    private JvmFailure() {}

    /// Starts to note errors of these kinds that no thread catches.
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

    /// Notifies the parent, to which this process has just connected, of an error that came before.
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
