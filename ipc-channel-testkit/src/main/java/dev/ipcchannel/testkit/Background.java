package dev.ipcchannel.testkit;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A call on a thread of its own.
///
/// @param <T> the type of what it returns
final class Background<T> {

    /// A call without a value.
    interface Action {

        void run() throws Exception;
    }

    private static final int CALLERS = 5; // of a call that waits

    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean hasBegun;

    private Background(Callable<T> call) {
        thread = Thread.ofPlatform().daemon().name("testkit").unstarted(() -> run(call));
    }

    static <T> Background<T> of(Callable<T> call) {
        Background<T> background = new Background<>(call);
        background.thread.start();
        return background;
    }

    /// Runs a call without a value; [#value] is true once it has returned.
    static Background<Boolean> run(Action action) {
        return of(() -> {
            action.run();
            return true;
        });
    }

    private void run(Callable<T> call) {
        hasBegun = true;
        try {
            boolean _ = outcome.complete(call.call());
        } catch (Throwable failure) {
            boolean _ = outcome.completeExceptionally(failure);
        }
    }

    /// Waits until the thread is inside the call, and most likely waits there. The test's
    /// assertions hold as well if it does not.
    Background<T> begun() {
        Contract.await("the call begins", () -> hasBegun
                && (outcome.isDone() || thread.getStackTrace().length > CALLERS));
        return this;
    }

    void interrupt() {
        thread.interrupt();
    }

    /// The value that the call returns.
    T value() throws InterruptedException {
        try {
            return outcome.get(Contract.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failure) {
            throw new AssertionError("the call has failed: " + failure.getCause(),
                    failure.getCause());
        } catch (TimeoutException late) {
            throw new AssertionError("the call has not returned: " + stack(), late);
        }
    }

    /// The failure that the call throws, which has to be of that type.
    <F extends Throwable> F failure(Class<F> type) throws InterruptedException {
        try {
            T value = outcome.get(Contract.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            throw new AssertionError("the call was to throw %s, and has returned %s"
                    .formatted(type.getSimpleName(), value));
        } catch (ExecutionException failure) {
            return assertInstanceOf(type, failure.getCause());
        } catch (TimeoutException late) {
            throw new AssertionError("the call has not returned: " + stack(), late);
        }
    }

    private String stack() {
        StringBuilder lines = new StringBuilder();
        for (StackTraceElement frame : thread.getStackTrace()) {
            lines.append("\n    at ").append(frame);
        }
        return lines.toString();
    }
}
