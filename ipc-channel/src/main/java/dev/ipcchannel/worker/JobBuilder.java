package dev.ipcchannel.worker;

import dev.ipcchannel.internal.base.Argument;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A builder that says more of a job than its data, then gives it to its [JobService], once. One
/// thread at a time uses it.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
public final class JobBuilder<Q, R> {

    private final JobService<Q, R> service;
    private final Q data;
    private JobOptions<R> options;

    JobBuilder(JobService<Q, R> service, Q data, JobOptions<R> defaults) {
        this.service = service;
        this.data = data;
        this.options = defaults;
    }

    /// With that much time, from the moment when it is given to the service.
    ///
    /// @throws IllegalArgumentException if that is negative
    public JobBuilder<Q, R> timeout(Duration limit) {
        Argument.given(limit, "limit");
        options = options.withTimeout(JobOptions.notNegative(limit), options.action());
        return this;
    }

    /// With that much time, and with that for its worker when it passes.
    ///
    /// @throws IllegalArgumentException if the time is negative
    public JobBuilder<Q, R> timeout(Duration limit, TimeoutAction then) {
        Argument.given(then, "then");
        JobBuilder<Q, R> _ = timeout(limit);
        options = options.withTimeout(limit, then);
        return this;
    }

    /// It may be done twice: when its worker dies, it is given to another one, once.
    public JobBuilder<Q, R> idempotent() {
        options = options.withIdempotent();
        return this;
    }

    /// With a listener to its progress, which is called by a thread that receives for all jobs of a
    /// worker: it does what is quick and never waits. What it throws is logged.
    public JobBuilder<Q, R> onProgress(Consumer<Progress> listener) {
        options = options.withProgress(Argument.given(listener, "listener"));
        return this;
    }

    /// With a listener that gets the parts of its answer, each in turn; those of a job that is
    /// tried again come again. It is called as [#onProgress] is.
    public JobBuilder<Q, R> onPart(Consumer<R> taker) {
        options = options.withPart(Argument.given(taker, "taker"));
        return this;
    }

    /// To the worker that does all jobs of this key, in the order in which they are given, as long
    /// as it takes jobs: a worker that has the data of a customer in its caches, say. The first job
    /// of a key goes to a free worker with the fewest keys.
    ///
    /// The jobs of a key wait for their worker though others are free. If that dies or is replaced,
    /// its jobs go on as those without a key do, and the next one ties the key to another worker,
    /// but not before the last one of the key has ended at the former; those that wait keep their
    /// order, and one that is tried again comes first. Of the keys that have no job at this moment
    /// the set keeps the 10,000 used last, or some more. A job that the calling thread does, since
    /// there is no room ([BusyPolicy#callerRuns]), has neither worker nor order.
    ///
    /// @throws IllegalArgumentException if the key has more than 1000 letters
    public JobBuilder<Q, R> stickyTo(String key) {
        options = options.withKey(Argument.given(key, "key"));
        return this;
    }

    /// With a priority, by which it comes before others in the queue of those that wait: each step
    /// is worth 100 milliseconds of waiting. A job of priority 10 comes before those without that
    /// came up to a second before it, and after those that have waited longer: so no job waits for
    /// ever. With a negative priority others come before it. Jobs of one key keep their order, and
    /// what a worker has already got stays before it.
    ///
    /// @throws IllegalArgumentException if it is not from -1000 to 1000
    public JobBuilder<Q, R> priority(int steps) {
        options = options.withPriority(steps);
        return this;
    }

    /// See [JobService#send(Object)].
    public CompletableFuture<R> send() throws InterruptedException {
        return service.send(data, options);
    }

    /// See [JobService#call(Object)].
    public R call() throws InterruptedException {
        return service.call(data, options);
    }

    /// See [JobService#tell(Object)].
    public void tell() throws InterruptedException {
        service.tell(data, options);
    }
}
