package dev.ipcchannel.internal.job;

import dev.ipcchannel.internal.base.DeepLock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future.State;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The window of a stream of jobs: the jobs that were given, and whose answers were not handed on
/// yet, up to a limit.
///
/// In an ordered window, the oldest job is the next to be handed on. In an unordered one, it is the
/// job that was complete first: each future puts its job into a queue when it completes, so that a
/// wait for any of them costs no more than a wait for one.
///
/// One thread at a time gives and takes. Any thread may cancel, which ends the waits of the thread
/// that gives and takes, except one inside [Giver#give].
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
public final class JobWindow<Q, R> {

    private final Giver<Q, R> giver;
    private final Consumer<List<R>> dropper;
    private final boolean isOrdered;
    private final int limit;
    private final BlockingQueue<Open<Q, R>> complete = new LinkedBlockingQueue<>();
    private final ReentrantLock lock = new DeepLock();

    // Under the lock.
    private final LinkedHashSet<Open<Q, R>> open = new LinkedHashSet<>(); // the oldest first
    private boolean isCancelled;

    /// A window without jobs.
    ///
    /// @param giver to which each job goes
    /// @param dropper gets the answers that are dropped, after a cancel
    /// @param limit the most jobs in it, at least 1
    public JobWindow(Giver<Q, R> giver, Consumer<List<R>> dropper, boolean isOrdered, int limit) {
        this.giver = giver;
        this.dropper = dropper;
        this.isOrdered = isOrdered;
        this.limit = limit;
    }

    /// The taker of jobs. Cancelling a job's future gives the job up.
    ///
    /// @param <Q> the type of the jobs' data
    /// @param <R> the type of the answers
    @FunctionalInterface
    public interface Giver<Q, R> {

        /// Gives a job, waiting for room as long as it takes. A `RuntimeException` counts as the
        /// failure of the job.
        CompletableFuture<R> give(Q data) throws InterruptedException;
    }

    /// A job of the window, compared by identity.
    ///
    /// @param <Q> the type of the jobs' data
    /// @param <R> the type of the answers
    public static final class Open<Q, R> {

        private final Q data;
        private final CompletableFuture<R> answer;

        Open(Q data, CompletableFuture<R> answer) {
            this.data = data;
            this.answer = answer;
        }

        /// The data of the job.
        public Q data() {
            return data;
        }

        /// The answer to it, complete once the job was taken out of the window.
        public CompletableFuture<R> answer() {
            return answer;
        }
    }

    /// Gives a job, which is in the window from then on.
    public void give(Q data) throws InterruptedException {
        CompletableFuture<R> answer = given(data);
        boolean isIn = false;
        try {
            isIn = isAdded(new Open<>(data, answer));
        } finally {
            if (!isIn) { // also where the heap has no room for it
                giveUp(List.of(answer));
            }
        }
        if (!isIn) {
            throw cancelled();
        }
    }

    private CompletableFuture<R> given(Q data) throws InterruptedException {
        try {
            return giver.give(data);
        } catch (RuntimeException refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    private boolean isAdded(Open<Q, R> job) {
        lock.lock();
        try {
            if (isCancelled) {
                return false;
            }
            open.add(job);
        } finally {
            lock.unlock();
        }
        if (!isOrdered) {
            var _ = job.answer.whenComplete((_, _) -> complete.add(job));
        }
        return true;
    }

    private static CancellationException cancelled() {
        return new CancellationException("this stream of jobs is closed, or has ended before");
    }

    /// Whether no job is in it.
    ///
    /// @throws CancellationException if it is cancelled
    public boolean isEmpty() {
        lock.lock();
        try {
            checkGoesOn();
            return open.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Under the lock.
    private void checkGoesOn() {
        if (isCancelled) {
            throw cancelled();
        }
    }

    /// Takes out the job that is to be handed on next, if it is complete. If the window has as many
    /// jobs as its limit, it waits for that job.
    ///
    /// @return null if there is room for another job, and none can be handed on
    /// @throws CancellationException if it is cancelled, before or meanwhile
    public @Nullable Open<Q, R> next() throws InterruptedException {
        lock.lock(); // once for a job that is handed on, as long as answers come
        try {
            checkGoesOn();
            Open<Q, R> next = isOrdered ? oldest() : complete.poll();
            if (next != null && next.answer.isDone()) {
                boolean _ = open.remove(next);
                return next;
            }
            if (open.size() < limit) {
                return null;
            }
        } finally {
            lock.unlock();
        }
        return take();
    }

    /// Takes out the job that is to be handed on next, and waits until it is complete. The window
    /// must not be empty.
    ///
    /// @throws CancellationException if it is cancelled, before or meanwhile
    public Open<Q, R> take() throws InterruptedException {
        Open<Q, R> next = isOrdered ? awaited() : complete.take();
        try {
            var _ = next.answer.get();
        } catch (ExecutionException | CancellationException _) {
            // It is complete; what became of it is looked at where it goes on.
        }
        return removed(next);
    }

    /// Under the lock.
    private @Nullable Open<Q, R> oldest() {
        return open.isEmpty() ? null : open.getFirst();
    }

    private Open<Q, R> awaited() {
        lock.lock();
        try {
            checkGoesOn();
            Open<Q, R> next = oldest();
            if (next == null) {
                throw new IllegalStateException("a wait for a job of an empty window has no end");
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private Open<Q, R> removed(Open<Q, R> job) {
        lock.lock();
        try {
            if (!open.remove(job)) { // else no other thread drops its answer
                throw cancelled();
            }
            return job;
        } finally {
            lock.unlock();
        }
    }

    /// Cancels the jobs that are in it, and takes no more. Answers that have come are dropped. The
    /// second and later calls do nothing.
    public void cancel() {
        List<CompletableFuture<R>> rest;
        lock.lock();
        try {
            isCancelled = true;
            // What waits comes first, or a worker would begin it.
            rest = open.reversed().stream().map(Open::answer).toList();
            open.clear();
        } finally {
            lock.unlock();
        }
        giveUp(rest);
    }

    private void giveUp(List<CompletableFuture<R>> answers) {
        List<R> unwanted = new ArrayList<>(0);
        for (CompletableFuture<R> answer : answers) {
            boolean isGivenUp = answer.cancel(true);
            if (!isGivenUp && answer.state() == State.SUCCESS) {
                unwanted.add(answer.resultNow());
            }
        }
        if (!unwanted.isEmpty()) {
            dropper.accept(unwanted);
        }
    }
}
