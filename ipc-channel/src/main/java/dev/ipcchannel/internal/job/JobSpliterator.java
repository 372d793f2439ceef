package dev.ipcchannel.internal.job;

import dev.ipcchannel.internal.base.Argument;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Gatherer;
import java.util.stream.Gatherer.Integrator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// The answers to the jobs of a source. Jobs are taken from the source on the thread that asks for
/// the answers. A failure, also one of the source, cancels the jobs that are open and closes the
/// source.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
/// @param <T> the type of the elements that are handed on
public final class JobSpliterator<Q, R, T> implements Spliterator<T> {

    private final Stream<? extends Q> jobs;
    private final Spliterator<? extends Q> source;
    private final JobFlow<Q, R, T> flow;
    private final boolean isOrdered;
    private boolean hasBegun;

    /// The answers to these jobs, of which none is taken yet.
    public JobSpliterator(Stream<? extends Q> jobs, JobFlow<Q, R, T> flow, boolean isOrdered) {
        this.jobs = jobs;
        this.source = jobs.sequential().spliterator();
        this.flow = flow;
        this.isOrdered = isOrdered;
    }

    /// The same as a stream. Its close closes the source. The open jobs are cancelled at its close,
    /// or as soon as no more answers are wanted.
    public Stream<T> stream() {
        // By the end of a stage alone a source learns that a later stage, limit say, has enough.
        Gatherer<T, ?, T> end = Gatherer.ofSequential(
                Integrator.<Void, T, T>ofGreedy((_, element, taker) -> taker.push(element)),
                (_, _) -> flow.cancel());
        return StreamSupport.stream(this, false).gather(end).onClose(flow::cancel)
                .onClose(jobs::close);
    }

    @Override
    public boolean tryAdvance(Consumer<? super T> action) {
        Argument.given(action, "action");
        try {
            begin();
            return flow.advance(source, action);
        } catch (RuntimeException | Error failure) {
            end(failure);
            throw failure;
        }
    }

    /// Has the source push its elements: a source that is a pipeline itself then needs no buffer.
    @Override
    public void forEachRemaining(Consumer<? super T> action) {
        Argument.given(action, "action");
        Predicate<T> taker = element -> {
            action.accept(element);
            return true;
        };
        try {
            begin();
            source.forEachRemaining(data -> flow.put(data, taker));
            flow.finish(taker);
        } catch (RuntimeException | Error failure) {
            end(failure);
            throw failure;
        }
    }

    private void begin() {
        if (!hasBegun) {
            hasBegun = true;
            flow.expect(Math.max(0, source.getExactSizeIfKnown()));
        }
    }

    private void end(Throwable failure) {
        flow.cancel();
        try {
            jobs.close();
        } catch (RuntimeException | Error other) {
            if (!other.equals(failure)) {
                failure.addSuppressed(other);
            }
        }
    }

    /// Never splits: one thread takes the jobs and hands the answers on.
    @Override
    public @Nullable Spliterator<T> trySplit() {
        return null;
    }

    @Override
    public long estimateSize() {
        return Long.MAX_VALUE; // says: unknown, or a count of the answers would do no jobs
    }

    @Override
    public int characteristics() {
        return isOrdered ? ORDERED | NONNULL : NONNULL;
    }
}
