package dev.ipcchannel.internal.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A future of work that goes on elsewhere. To complete it by hand, for instance by `cancel` or
/// `orTimeout`, gives that work up, unless the work ends first. Dependent futures give nothing up.
///
/// A thread that waits for it may do a part of the work meanwhile ([#help]), one thread at a time.
///
/// @param <T> the type of the result
public abstract class WorkFuture<T> extends CompletableFuture<T> {

    private static final VarHandle HELPER = helperHandle();

    private volatile @Nullable Thread helper; // leaves null by an exchange

    private static VarHandle helperHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(WorkFuture.class, "helper", Thread.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /// Does a part of the work in a thread that waits for this future: until it is done, or for a
    /// moment in which there is nothing to do. When it is completed that thread is unparked.
    protected void help(Deadline limit) throws InterruptedException {
        // Most work can be done elsewhere alone.
    }

    private void await(Deadline limit) throws InterruptedException {
        Thread current = Thread.currentThread();
        if (isDone() || !HELPER.compareAndSet(this, (Thread) null, current)) {
            return;
        }
        try {
            help(limit); // looks whether it is done after the exchange: see settle
        } finally {
            helper = null;
        }
    }

    @Override
    public T join() {
        try {
            await(Deadline.NEVER);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // it does not end this wait
        }
        return super.join();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        await(Deadline.NEVER);
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        Deadline limit = Deadline.after(Duration.ofNanos(unit.toNanos(timeout)));
        await(limit);
        return super.get(limit.remainingNanos(), TimeUnit.NANOSECONDS);
    }

    /// Gives the work up, and completes this future, unless the work has ended before.
    ///
    /// @param failure null if there is a value
    /// @return whether it was completed so
    protected abstract boolean giveUp(@Nullable T value, @Nullable Throwable failure);

    /// Completes it with the result of the work. The second and later calls do nothing.
    ///
    /// @param failure null if there is a value
    /// @return whether it was completed so
    public final boolean settle(@Nullable T value, @Nullable Throwable failure) {
        boolean isFirst =
                failure == null ? super.complete(value) : super.completeExceptionally(failure);
        Thread waiting = helper; // after the completion
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
        return isFirst;
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        boolean isFirst = !isDone() && giveUp(null, new CancellationException());
        return isFirst || isCancelled();
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

    /// Uses [#complete], which the inherited method does not call.
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
        } catch (Throwable failure) { // also errors, like the inherited method
            boolean _ = completeExceptionally(failure);
        }
    }
}
