package dev.ipcchannel.worker;

import dev.ipcchannel.internal.base.Argument;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A service that does jobs: a set of workers on this machine ([WorkerSet]), or another one that is
/// used in the same way. A program that is written against this interface changes only the line
/// that makes the service.
///
/// ```java
/// static int total(JobService<Order, Integer> prices, Stream<Order> orders) {
///     return prices.map(orders).mapToInt(Integer::intValue).sum();
/// }
/// ```
///
/// Any number of threads may use it. What depends on a future, and a listener to progress, runs on
/// a thread that receives answers: what takes long goes elsewhere, by the `…Async` forms for
/// instance. A dependent that waits makes other jobs late; a listener that waits stops some of
/// them.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
public interface JobService<Q, R> extends AutoCloseable {

    /// Gives the service a job, waiting for no more than room to do so. The job's data is turned
    /// into bytes when it is sent: it must not change before. To complete the future in any other
    /// way than the service does, by `cancel` for instance, cancels the job: its handler is
    /// interrupted, whatever the argument of `cancel`. If it does not end the job within the time
    /// that the job was given, its worker is replaced where the job says so
    /// ([TimeoutAction#RESTART]).
    ///
    /// Whatever goes wrong after that completes the future: [dev.ipcchannel.WorkerDied],
    /// [dev.ipcchannel.TimedOut], [dev.ipcchannel.CallFailed] with what the worker has thrown,
    /// [dev.ipcchannel.CodecFailed] or [dev.ipcchannel.MessageTooLarge] if the data or the answer
    /// cannot travel, [dev.ipcchannel.EndClosed] if the service is closed meanwhile.
    ///
    /// @throws dev.ipcchannel.WorkersBusy if there was no room for it; nothing was done of it
    /// @throws dev.ipcchannel.WorkerDied if such jobs are not tried any more, since workers have
    /// died with them
    /// @throws dev.ipcchannel.EndClosed if the service is closed
    /// @throws InterruptedException if the thread is interrupted while it waits for room
    default CompletableFuture<R> send(Q data) throws InterruptedException {
        return send(data, defaults());
    }

    /// The same with a limit to the time for the answer, and what becomes of the worker when it
    /// passes. Where none of it is left, no worker gets the job. Throws what [#send(Object)]
    /// throws.
    default CompletableFuture<R> send(Q data, Duration timeout, TimeoutAction action)
            throws InterruptedException {
        Argument.given(timeout, "timeout");
        Argument.given(action, "action");
        return send(data, defaults().withTimeout(timeout, action));
    }

    /// The same with settings of the job. Throws what [#send(Object)] throws.
    CompletableFuture<R> send(Q data, JobOptions<R> options) throws InterruptedException;

    /// Gives the service a job and waits for the answer. Throws what [#send(Object)] throws, and
    /// what would complete its future.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits; the job is
    /// cancelled
    default R call(Q data) throws InterruptedException {
        return call(data, defaults());
    }

    /// The same with a limit to the time for the answer, and what becomes of the worker when it
    /// passes: where that is to be replaced, the dump of its threads takes up to three seconds
    /// more. Where none of it is left, no worker gets the job. Throws what [#call(Object)] throws.
    ///
    /// @throws dev.ipcchannel.TimedOut if the answer did not come in time
    default R call(Q data, Duration timeout, TimeoutAction action) throws InterruptedException {
        Argument.given(timeout, "timeout");
        Argument.given(action, "action");
        return call(data, defaults().withTimeout(timeout, action));
    }

    /// The same with settings of the job. Throws what [#call(Object)] throws.
    R call(Q data, JobOptions<R> options) throws InterruptedException;

    /// Gives the service a job without an answer, waiting for no more than room to do so. Whether
    /// it was done is not reported. Throws what [#send(Object)] throws.
    default void tell(Q data) throws InterruptedException {
        tell(data, defaults());
    }

    /// The same with settings of the job. Throws what [#tell(Object)] throws.
    void tell(Q data, JobOptions<R> options) throws InterruptedException;

    /// A job of which more is to be said.
    default JobBuilder<Q, R> job(Q data) {
        return new JobBuilder<>(this, Argument.given(data, "data"), defaults());
    }

    /// The settings of a job that says nothing else.
    JobOptions<R> defaults();

    /// The answers to a stream of jobs, in their order. [JobMapping] says what such a stream does,
    /// and has more options.
    default Stream<R> map(Stream<? extends Q> jobs) {
        return mapping().map(jobs);
    }

    /// The answers to a stream of jobs, as they come; see [JobMapping].
    default Stream<R> mapUnordered(Stream<? extends Q> jobs) {
        return mapping().unordered().map(jobs);
    }

    /// Hands the answers to a stream of jobs to `consumer`, in their order, on the calling thread,
    /// and closes the stream; see [JobMapping].
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits; the jobs that are
    /// open are cancelled
    default void forEach(Stream<? extends Q> jobs, Consumer<? super R> consumer)
            throws InterruptedException {
        mapping().forEach(jobs, consumer);
    }

    /// A mapping of streams of jobs of which more is to be said: `words.gather(workers.mapping())`.
    JobMapping<Q, R, R> mapping();

    /// Waits until no job that was given here waits or is in hand, the futures of all are complete,
    /// and what depends on them and runs as they are completed has returned.
    ///
    /// @return false if that did not come within `timeout`
    /// @throws InterruptedException if the thread is interrupted while it waits
    boolean drain(Duration timeout) throws InterruptedException;

    /// Ends the service for this process: jobs that wait or are in hand fail with
    /// [dev.ipcchannel.EndClosed]. To let jobs end first, call [#drain] before. The second and
    /// later closes do nothing more.
    @Override
    void close();
}
