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

    /// @param user that is to run it, for error texts
    public RunOnce(CallableOp<? extends T, X> operation, Object user) {
        this.operation = operation;
        this.user = user;
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

    /// Refuses a user that has not run it.
    public void checkHasRun() {
        if (!hasRun) {
            throw wrong("has not run the handler");
        }
    }

    private IllegalStateException wrong(String what) {
        return new IllegalStateException(
                ("a ContextCarrier %s: carrier=%s: have its within call the handler once, on the"
                        + " thread that it is called on, and return the result")
                        .formatted(what, user.getClass().getName()));
    }
}
