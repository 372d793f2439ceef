package dev.ipcchannel.worker;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.job.JobFlow;
import dev.ipcchannel.internal.job.JobFlow.Outlet;
import dev.ipcchannel.internal.job.JobSpliterator;
import dev.ipcchannel.internal.job.JobWindow;
import dev.ipcchannel.internal.job.Rethrow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future.State;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Gatherer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A mapping of streams of jobs to streams of their answers, by a [JobService].
///
/// ```java
/// workers.mapping().idempotent().forEach(files, this::print);
/// List<Integer> lengths = words.gather(workers.mapping().unordered()).toList();
/// ```
///
/// It does not change: each option gives another one, which any number of threads may use, any
/// number of times.
///
/// A stream is as lazy as any other: nothing is taken from its source before the answers are asked
/// for, and then on the thread that asks, one after the other. So many jobs are open at most as
/// [#inFlight] says; one for which there is no room waits for it as long as that takes, whatever
/// the [BusyPolicy], since the jobs before it make the room. After each element of the source, all
/// answers that may go on by then do.
///
/// The first failure, in order or as it comes, ends the stream with what [JobService#call(Object)]
/// would have thrown; [#withFailures] makes an element of it instead. When a stream ends early, by
/// a failure, an interrupt, a stage that has enough, its `close`, or what the source or the taker
/// of the answers throws, the jobs that are open are cancelled, and ends of channels in answers
/// that go nowhere are closed. An interrupt is a `CancellationException`, with the flag set, for
/// streams, and an `InterruptedException` for [#forEach].
///
/// As a `Gatherer` it does not see what goes wrong before it: if the source throws then, the jobs
/// that are open go on to their ends.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
/// @param <T> the type of the elements: that of the answers, or of [JobResult]s
public final class JobMapping<Q, R, T> implements Gatherer<Q, Object, T> {

    /// The fewest by default: as many as keep a worker busy whose jobs take microseconds.
    private static final int USUAL_IN_FLIGHT = 256;

    private final Target<Q, R> target;
    private final Outlet<Q, R, T> outlet;
    private final JobOptions<R> options;
    private final @Nullable Function<? super Q, String> keyOf;
    private final boolean isOrdered;
    private final int inFlight; // 0 for the default
    private final Consumer<Progress> onProgress;

    private JobMapping(Target<Q, R> target, Outlet<Q, R, T> outlet, JobOptions<R> options,
            @Nullable Function<? super Q, String> keyOf, boolean isOrdered, int inFlight,
            Consumer<Progress> onProgress) {
        this.target = target;
        this.outlet = outlet;
        this.options = options;
        this.keyOf = keyOf;
        this.isOrdered = isOrdered;
        this.inFlight = inFlight;
        this.onProgress = onProgress;
    }

    /// The part of a [JobService] that its streams of jobs use. Any number of threads use it at
    /// once.
    ///
    /// @param <Q> the type of the jobs' data
    /// @param <R> the type of the answers
    public interface Target<Q, R> {

        /// Gives a job, waiting for room as long as that takes, whatever the service does with
        /// others for which there is none: the jobs of the stream before it make the room. To
        /// cancel the future cancels the job.
        CompletableFuture<R> send(Q data, JobOptions<R> options) throws InterruptedException;

        /// How many jobs the service does at once, as far as is known.
        int jobsAtOnce();

        /// Closes the ends of channels in answers that are dropped.
        void drop(List<R> answers);
    }

    /// A mapping of streams by a service of jobs, for those who implement one.
    ///
    /// @param defaults the settings of each job
    public static <Q, R> JobMapping<Q, R, R> of(Target<Q, R> target, JobOptions<R> defaults) {
        return new JobMapping<>(Argument.given(target, "target"), JobMapping::answer,
                Argument.given(defaults, "defaults"), null, true, 0, _ -> {});
    }

    private static <Q, R> R answer(Q data, CompletableFuture<R> job) throws InterruptedException {
        if (job.state() == State.SUCCESS) {
            return job.resultNow();
        }
        throw failure(job);
    }

    private static <Q, R> JobResult<Q, R> result(Q data, CompletableFuture<R> job)
            throws InterruptedException {
        return job.state() == State.SUCCESS ? new JobResult.Done<>(data, job.resultNow())
                : new JobResult.Failed<>(data, failure(job));
    }

    /// Of a job that no answer came for, for the thread that gets it.
    private static RuntimeException failure(CompletableFuture<?> job) throws InterruptedException {
        return job.state() == State.CANCELLED
                ? new CancellationException("a job of this stream was cancelled")
                : Rethrow.again(job.exceptionNow());
    }

    /// With answers as they come: one that is there never waits for another.
    public JobMapping<Q, R, T> unordered() {
        return new JobMapping<>(target, outlet, options, keyOf, false, inFlight, onProgress);
    }

    /// With so many jobs at most that are open, or done and not yet handed on. By default 256, and
    /// never fewer than twice what all workers do at once; but just that many where the jobs have a
    /// time limit, which counts from when they are given to the set: there a job waits for no more
    /// than about one other.
    ///
    /// @throws IllegalArgumentException if that is none
    public JobMapping<Q, R, T> inFlight(int count) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "a stream has one job in flight at least: inFlight=%d, limit=1"
                            .formatted(count));
        }
        return new JobMapping<>(target, outlet, options, keyOf, isOrdered, count, onProgress);
    }

    /// With jobs that may be done twice: when its worker dies, one is given to another, once. Its
    /// answer is in the stream once.
    public JobMapping<Q, R, T> idempotent() {
        return with(options.withIdempotent());
    }

    /// With that much time for each job, from the moment when it is given to the set.
    ///
    /// @throws IllegalArgumentException if that is negative
    public JobMapping<Q, R, T> timeout(Duration limit) {
        Argument.given(limit, "limit");
        return limited(limit, options.action());
    }

    /// With that much time for each job, and with that for its worker when it passes.
    ///
    /// @throws IllegalArgumentException if the time is negative
    public JobMapping<Q, R, T> timeout(Duration limit, TimeoutAction then) {
        Argument.given(limit, "limit");
        return limited(limit, Argument.given(then, "then"));
    }

    private JobMapping<Q, R, T> limited(Duration limit, TimeoutAction then) {
        return with(options.withTimeout(JobOptions.notNegative(limit), then));
    }

    /// With a key for each job, as in [JobBuilder#stickyTo].
    ///
    /// @param key gives the key of a job, on the thread that takes the answers
    public JobMapping<Q, R, T> stickyTo(Function<? super Q, String> key) {
        return new JobMapping<>(target, outlet, options, Argument.given(key, "key"), isOrdered,
                inFlight, onProgress);
    }

    private JobOptions<R> optionsOf(Q data) {
        return keyOf == null ? options
                : options.withKey(key(keyOf.apply(data)));
    }

    private static String key(@Nullable String key) {
        if (key == null) {
            throw new NullPointerException(
                    "the function of stickyTo has given a job no key: have it"
                            + " return the same key for jobs of one kind, and others for others");
        }
        return key;
    }

    /// With a priority, as in [JobBuilder#priority].
    ///
    /// @throws IllegalArgumentException if it is not from -1000 to 1000
    public JobMapping<Q, R, T> priority(int steps) {
        return with(options.withPriority(steps));
    }

    private JobMapping<Q, R, T> with(JobOptions<R> other) {
        return new JobMapping<>(target, outlet, other, keyOf, isOrdered, inFlight, onProgress);
    }

    /// With a listener to the progress of the whole stream, called after each element that was
    /// handed on, on the thread that takes them. The total is 0 where the source does not know its
    /// size, and in a [Stream#gather].
    public JobMapping<Q, R, T> onProgress(Consumer<Progress> listener) {
        return new JobMapping<>(target, outlet, options, keyOf, isOrdered, inFlight,
                Argument.given(listener, "listener"));
    }

    /// With an element for each job, one that has failed as well, which ends nothing then: each
    /// element of the source has just one.
    public JobMapping<Q, R, JobResult<Q, R>> withFailures() {
        return new JobMapping<>(target, JobMapping::result, options, keyOf, isOrdered, inFlight,
                onProgress);
    }

    /// The answers to these jobs. To close the stream, as any thread may, closes the source as
    /// well; so does what ends it early, but for a stage that has enough.
    ///
    /// It is sequential, also after `parallel()`, which makes it gather all answers first.
    public Stream<T> map(Stream<? extends Q> jobs) {
        return answers(Argument.given(jobs, "jobs")).stream();
    }

    private JobSpliterator<Q, R, T> answers(Stream<? extends Q> jobs) {
        return new JobSpliterator<>(jobs, flow(), isOrdered);
    }

    /// Has these jobs done and hands each answer to `consumer`, on the calling thread. Closes the
    /// stream of the jobs in any case.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits, in the source or
    /// the consumer too if these are this library's
    public void forEach(Stream<? extends Q> jobs, Consumer<? super T> consumer)
            throws InterruptedException {
        Argument.given(jobs, "jobs");
        Argument.given(consumer, "consumer");
        try (jobs) {
            answers(jobs).forEachRemaining(consumer);
        } catch (CancellationException cancelled) {
            if (cancelled.getCause() instanceof InterruptedException interrupt
                    && Thread.interrupted()) {
                throw interrupt;
            }
            throw cancelled;
        }
    }

    private JobFlow<Q, R, T> flow() {
        int limit = inFlight > 0 ? inFlight : defaultInFlight();
        return new JobFlow<>(
                new JobWindow<>(data -> target.send(data, optionsOf(data)), target::drop, isOrdered,
                        limit),
                outlet, (done, total) -> onProgress.accept(new Progress(done, total, "")));
    }

    private int defaultInFlight() {
        int atOnce = Math.max(1, 2 * target.jobsAtOnce());
        return options.timeout() == null ? Math.max(USUAL_IN_FLIGHT, atOnce) : atOnce;
    }

    /// The state of one stream, which it does not share.
    @Override
    public Supplier<Object> initializer() {
        return this::flow;
    }

    /// What makes a job of each element.
    @Override
    public Integrator<Object, Q, T> integrator() {
        return Integrator.ofGreedy((state, data, taker) -> flow(state).put(data, pushed(taker)));
    }

    /// What waits for the rest.
    @Override
    public BiConsumer<Object, Downstream<? super T>> finisher() {
        return (state, taker) -> {
            if (taker.isRejecting()) {
                flow(state).cancel();
            } else {
                flow(state).finish(pushed(taker));
            }
        };
    }

    private Predicate<T> pushed(Downstream<? super T> taker) {
        return taker::push;
    }

    @SuppressWarnings("unchecked") // what the initializer has made
    private JobFlow<Q, R, T> flow(Object state) {
        return (JobFlow<Q, R, T>) state;
    }
}
