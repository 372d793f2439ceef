package dev.ipcchannel.internal.base;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A future of work that goes on elsewhere. To complete it by hand, by `cancel` or `orTimeout` for
/// instance, gives that work up, or loses against its end. What depends on it gives nothing up.
///
/// @param <T> the type of the result
public abstract class WorkFuture<T> extends CompletableFuture<T> {

    /// Gives the work up, and completes this future, unless the work has ended before.
    ///
    /// @param failure null if there is a value
    /// @return whether it is completed so
    protected abstract boolean giveUp(@Nullable T value, @Nullable Throwable failure);

    /// Completes it with what became of the work. The second and later calls do nothing.
    ///
    /// @param failure null if there is a value
    /// @return whether it is completed so
    public final boolean settle(@Nullable T value, @Nullable Throwable failure) {
        return failure == null ? super.complete(value) : super.completeExceptionally(failure);
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        boolean isNews = !isDone() && giveUp(null, new CancellationException());
        return isNews || isCancelled();
    }

    @Override
    public boolean complete(T value) {
        return !isDone() && giveUp(value, null);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        Argument.given(failure, "failure");
        return !isDone() && giveUp(null, failure);
    }

    /// By way of [#complete], which the inherited one goes round.
    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
        Argument.given(supplier, "supplier");
        executor.execute(() -> {
            if (!isDone()) {
                completeWith(supplier);
            }
        });
        return this;
    }

    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier) {
        return completeAsync(supplier, defaultExecutor());
    }

    private void completeWith(Supplier<? extends T> supplier) {
        try {
            boolean _ = complete(supplier.get());
        } catch (Throwable failure) { // errors too, as the inherited one has it
            boolean _ = completeExceptionally(failure);
        }
    }
}
