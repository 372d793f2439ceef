package dev.ipcchannel.worker;

import java.util.concurrent.CompletableFuture;

/// The answer to a job. To complete it in any other way, by `cancel` or `orTimeout` for instance,
/// cancels the job.
///
/// @param <R> the type of the answers
final class JobFuture<R> extends CompletableFuture<R> {

    private final Runnable onGivenUp;

    JobFuture(Runnable onGivenUp) {
        this.onGivenUp = onGivenUp;
    }

    /// Completes it with what the worker said.
    ///
    /// @return false if somebody was quicker
    boolean answer(R value) {
        return super.complete(value);
    }

    /// Completes it with what went wrong.
    ///
    /// @return false if somebody was quicker
    boolean fail(Throwable failure) {
        return super.completeExceptionally(failure);
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        return givenUp(super.cancel(mayInterrupt));
    }

    @Override
    public boolean complete(R value) {
        return givenUp(super.complete(value));
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return givenUp(super.completeExceptionally(failure));
    }

    private boolean givenUp(boolean isNews) {
        if (isNews) {
            onGivenUp.run();
        }
        return isNews;
    }

    /// What depends on it cancels nothing.
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
