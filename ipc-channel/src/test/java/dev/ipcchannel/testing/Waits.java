package dev.ipcchannel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.wait.FutexWait;
import dev.ipcchannel.internal.wait.Waiter;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/// A waiting call on a thread of its own, with its result.
///
/// @param thread that makes the call
/// @param result what the call returns or throws
/// @param <T> what the call returns
public record Waits<T>(Thread thread, CompletableFuture<T> result) {

    /// Starts the call.
    public static <T> Waits<T> in(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> complete(result, call), "test waits");
        thread.setDaemon(true);
        thread.start();
        return new Waits<>(thread, result);
    }

    /// Starts the call on a virtual or a platform thread.
    public static <T> Waits<T> in(boolean isVirtual, Callable<T> call) {
        return isVirtual ? inVirtualThread(call) : in(call);
    }

    /// Starts the call on a virtual thread.
    public static <T> Waits<T> inVirtualThread(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().name("test waits").start(() -> complete(result, call));
        return new Waits<>(thread, result);
    }

    private static <T> void complete(CompletableFuture<T> result, Callable<T> call) {
        try {
            result.complete(call.call());
        } catch (Throwable failure) { // whatever it is, the test has to see it
            result.completeExceptionally(failure);
        }
    }

    /// Starts a call that returns nothing.
    public static Waits<Void> run(Action action) {
        return in(() -> {
            action.run();
            return null;
        });
    }

    /// A call that returns nothing.
    @FunctionalInterface
    public interface Action {

        /// Makes the call.
        void run() throws Exception;
    }

    /// Waits until the call sleeps in the kernel, or on a condition.
    public Waits<T> asleep() {
        return until("sleeps", () -> isInside(Waiter.class.getName(), "await")
                || isInside(FutexWait.class.getName(), "sleep")
                || thread.getState() == Thread.State.WAITING
                || thread.getState() == Thread.State.TIMED_WAITING);
    }

    /// Waits until the call spins, that is until it is in a method of that name.
    public Waits<T> spinning() {
        return until("spins", () -> isInside("dev.ipcchannel", "spin"));
    }

    private Waits<T> until(String fact, Callable<Boolean> isSo) {
        Awaitility.await("the call " + fact).atMost(Children.PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> result.isDone() || isSo.call());
        assertThat(result).as("the call %s", fact).isNotDone();
        return this;
    }

    private boolean isInside(String prefix, String method) {
        return Arrays.stream(thread.getStackTrace()).anyMatch(frame -> frame.getClassName()
                .startsWith(prefix) && frame.getMethodName().equals(method));
    }

    /// Waits for the value that the call returns.
    public T value() throws InterruptedException {
        Throwable failure = await();
        if (failure != null) {
            throw new AssertionError("the call failed", failure);
        }
        return result.resultNow();
    }

    /// Waits for the exception that the call throws.
    public AbstractThrowableAssert<?, ? extends Throwable> failure() throws InterruptedException {
        Throwable failure = await();
        if (failure == null) {
            throw new AssertionError("the call returned " + result.resultNow());
        }
        return assertThat(failure);
    }

    /// Waits for the end of the call, and returns the exception unchanged: `get` would replace a
    /// `CancellationException` by its own.
    private @Nullable Throwable await() throws InterruptedException {
        try {
            return result.handle((_, failure) -> failure)
                    .get(Children.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException impossible) {
            throw new AssertionError(impossible);
        } catch (TimeoutException _) {
            throw stuck();
        }
    }

    private AssertionError stuck() {
        AssertionError stuck = new AssertionError("the call is stuck, here:");
        stuck.setStackTrace(thread.getStackTrace());
        return stuck;
    }
}
