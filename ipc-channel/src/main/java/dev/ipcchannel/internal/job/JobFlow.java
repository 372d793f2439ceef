package dev.ipcchannel.internal.job;

import dev.ipcchannel.internal.job.JobWindow.Open;
import java.util.Spliterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The flow of one stream of jobs: each element becomes a job, and each answer is handed on, on the
/// thread that brings the elements. The answers that are complete after an element are handed on at
/// once, since the next element may be long in coming.
///
/// An early end cancels the jobs that are open. Its cause is a failure, an interrupt, an exception
/// of the taker of the answers, or a taker that wants no more.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
/// @param <T> the type of the elements that are handed on
public final class JobFlow<Q, R, T> {

    private final JobWindow<Q, R> window;
    private final Outlet<Q, R, T> outlet;
    private final Listener listener;
    private long total;
    private long given;
    private long done;
    private boolean isSourceOver;
    private boolean isOver; // nothing has gone wrong, and nothing more goes on

    /// The flow through an empty window.
    public JobFlow(JobWindow<Q, R> window, Outlet<Q, R, T> outlet, Listener listener) {
        this.window = window;
        this.outlet = outlet;
        this.listener = listener;
    }

    /// The maker of an element from a job that is complete.
    ///
    /// @param <Q> the type of the jobs' data
    /// @param <R> the type of the answers
    /// @param <T> the type of the elements that are handed on
    @FunctionalInterface
    public interface Outlet<Q, R, T> {

        /// The element. What it throws ends the flow.
        T element(Q data, CompletableFuture<R> answer) throws InterruptedException;
    }

    /// The listener to the progress of a stream, called on the thread that brings the elements.
    @FunctionalInterface
    public interface Listener {

        /// Notes that an element was handed on.
        ///
        /// @param total how many there will be; 0 if that is not known
        void onDone(long done, long total);
    }

    /// Sets the number of elements that will come.
    ///
    /// @param count 0 if it is not known
    void expect(long count) {
        total = count;
    }

    /// Gives a job, and hands on the answers that are complete.
    ///
    /// @param taker returns whether it wants more
    /// @return whether more is wanted
    public boolean put(Q data, Predicate<? super T> taker) {
        boolean goesOn = false;
        try {
            give(data);
            goesOn = handOnComplete(taker);
            return goesOn;
        } catch (InterruptedException interrupt) {
            throw interrupted(interrupt);
        } finally {
            if (!goesOn) {
                cancel();
            }
        }
    }

    private void give(Q data) {
        if (data == null) {
            throw new NullPointerException("no job is null, and element %d of this stream is"
                    .formatted(given + 1));
        }
        try {
            window.give(data);
        } catch (InterruptedException interrupt) {
            throw interrupted(interrupt);
        }
        given++;
    }

    private boolean handOnComplete(Predicate<? super T> taker) throws InterruptedException {
        for (Open<Q, R> next = window.next(); next != null; next = window.next()) {
            if (!handOn(next, taker)) {
                return false;
            }
        }
        return true;
    }

    private boolean handOn(Open<Q, R> job, Predicate<? super T> taker)
            throws InterruptedException {
        T element = outlet.element(job.data(), job.answer());
        boolean goesOn = taker.test(element);
        done++;
        listener.onDone(done, total);
        return goesOn;
    }

    /// Hands on the remaining answers, because no more elements come.
    ///
    /// @param taker returns whether it wants more
    public void finish(Predicate<? super T> taker) {
        if (isOver) {
            return;
        }
        try {
            while (!window.isEmpty() && handOn(window.take(), taker)) {
                // the next one
            }
            isOver = true;
        } catch (InterruptedException interrupt) {
            throw interrupted(interrupt);
        } finally {
            cancel();
        }
    }

    /// Hands on one element. While no job is complete, it takes jobs from the source; once the
    /// source is empty, it waits for a job.
    ///
    /// @return false if there are no more elements
    boolean advance(Spliterator<? extends Q> source, Consumer<? super T> taker) {
        if (isOver) {
            return false;
        }
        boolean goesOn = false;
        try {
            Open<Q, R> next = next(source);
            isOver = next == null;
            goesOn = next != null && handOn(next, element -> {
                taker.accept(element);
                return true;
            });
            return goesOn;
        } catch (InterruptedException interrupt) {
            throw interrupted(interrupt);
        } finally {
            if (!goesOn) {
                cancel();
            }
        }
    }

    private @Nullable Open<Q, R> next(Spliterator<? extends Q> source)
            throws InterruptedException {
        Open<Q, R> next = window.next();
        while (next == null && !isSourceOver) {
            isSourceOver = !source.tryAdvance(this::give);
            next = window.next();
        }
        return next != null || window.isEmpty() ? next : window.take();
    }

    /// The exception for an interrupt, for callers that declare no `InterruptedException`. The
    /// thread stays interrupted.
    private static CancellationException interrupted(InterruptedException interrupt) {
        Thread.currentThread().interrupt();
        CancellationException cancelled = new CancellationException("the thread was interrupted"
                + " while it waited for jobs of a stream: those that were open are cancelled");
        var _ = cancelled.initCause(interrupt);
        return cancelled;
    }

    /// Cancels the jobs that are open; the flow takes no more. Any thread may do so.
    public void cancel() {
        window.cancel();
    }
}
