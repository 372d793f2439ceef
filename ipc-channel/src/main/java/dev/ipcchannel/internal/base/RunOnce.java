package dev.ipcchannel.internal.base;

import java.lang.ScopedValue.CallableOp;
import org.jspecify.annotations.Nullable;

/// An operation that is passed to a user's code, which has to run it once, on the thread that gets
/// it.
///
/// @param <T> the type of the result
/// @param <X> the type of what it throws
public final class RunOnce<T extends @Nullable Object, X extends Throwable>
        implements CallableOp<T, X> {

    private final CallableOp<? extends T, X> operation;
    private final Object user;
    private final Thread owner = Thread.currentThread();
    private boolean hasRun;

    private RunOnce(CallableOp<? extends T, X> operation, Object user) {
        this.operation = operation;
        this.user = user;
    }

    /// A call of the user's code that gets the operation.
    ///
    /// @param <T> the type of the result
    /// @param <X> the type of what it throws
    @FunctionalInterface
    public interface Passing<T extends @Nullable Object, X extends Throwable> {

        /// Calls the user's code with the operation, and returns what it returns.
        T to(CallableOp<T, X> operation) throws X;
    }

    /// Passes an operation to a user's code, and refuses that afterwards if it has not run it.
    ///
    /// @param user that is to run it, for error texts
    /// @throws IllegalStateException if it has not run it, or twice, or on another thread
    public static <T extends @Nullable Object, X extends Throwable> T pass(
            CallableOp<? extends T, X> operation, Object user, Passing<T, X> passing) throws X {
        RunOnce<T, X> once = new RunOnce<>(operation, user);
        T result = passing.to(once);
        if (!once.hasRun) {
            throw once.wrong("has not run the handler");
        }
        return result;
    }

    @Override
    public T call() throws X {
        if (!Thread.currentThread().equals(owner)) {
            throw wrong("has run a handler on another thread");
        }
        if (hasRun) {
            throw wrong("has run a handler twice");
        }
        hasRun = true;
        return operation.call();
    }

    private IllegalStateException wrong(String what) {
        return new IllegalStateException(
                ("a ContextCarrier %s: carrier=%s: have its within call the handler once, on the"
                        + " thread that it is called on, and return the result")
                        .formatted(what, user.getClass().getName()));
    }
}
