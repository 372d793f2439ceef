package dev.ipcchannel.worker;

import dev.ipcchannel.internal.base.Argument;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The answer to a job. To complete it in any other way, by `cancel` or `orTimeout` for instance,
/// cancels the job, unless that has ended before: then the future is completed with what became of
/// it.
///
/// @param <R> the type of the answers
final class JobFuture<R> extends CompletableFuture<R> {

    private final HostJob<?, R> job;

    JobFuture(HostJob<?, R> job) {
        this.job = job;
    }

    /// Completes it with what became of the job. The second and later calls do nothing.
    ///
    /// @param failure null if there is an answer
    void settle(@Nullable R answer, @Nullable Throwable failure) {
        boolean _ = failure == null ? super.complete(answer) : super.completeExceptionally(failure);
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        boolean isNews = !isDone() && job.giveUp(null, new CancellationException());
        return isNews || isCancelled();
    }

    @Override
    public boolean complete(R value) {
        return !isDone() && job.giveUp(value, null);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        Argument.given(failure, "failure");
        return !isDone() && job.giveUp(null, failure);
    }

    /// The JDK's own goes past [#complete].
    @Override
    public CompletableFuture<R> completeAsync(Supplier<? extends R> supplier, Executor executor) {
        Argument.given(supplier, "supplier");
        executor.execute(() -> {
            if (!isDone()) {
                completeWith(supplier);
            }
        });
        return this;
    }

    private void completeWith(Supplier<? extends R> supplier) {
        try {
            boolean _ = complete(supplier.get());
        } catch (Throwable failure) { // errors too, as the JDK has it
            boolean _ = completeExceptionally(failure);
        }
    }

    /// What depends on it cancels nothing.
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
