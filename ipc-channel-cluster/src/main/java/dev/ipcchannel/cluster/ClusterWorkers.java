package dev.ipcchannel.cluster;

import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.ContextCarrier;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Headers;
import dev.ipcchannel.internal.job.Rethrow;
import dev.ipcchannel.worker.JobMapping;
import dev.ipcchannel.worker.JobOptions;
import dev.ipcchannel.worker.JobService;
import dev.ipcchannel.worker.TimeoutAction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// The workers of a cluster, for a program that asks: jobs go to any [ClusterNode] of the same set,
/// through the servers of NATS with JetStream.
///
/// ```java
/// try (var words = ClusterWorkers.connect("nats://jobs:4222", "words", Path.class, Count.class)) {
///     Count count = words.call(file);
/// }
/// ```
///
/// Any number of threads may use it. docs/cluster.md has what is the same as in a
/// [dev.ipcchannel.worker.WorkerSet], what differs, and why.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
public final class ClusterWorkers<Q, R> implements JobService<Q, R> {

    private static final int USUAL_AT_ONCE = 128;

    private final Asker<Q, R> asker;
    private final JobOptions<R> defaults;
    private final ContextCarrier context;
    private final JobMapping<Q, R, R> mapping;

    private ClusterWorkers(Asker<Q, R> asker, ContextCarrier context) {
        this.asker = asker;
        this.defaults = JobOptions.of(null, TimeoutAction.ERROR);
        this.context = context;
        this.mapping = JobMapping.of(new Streams(), defaults);
    }

    /// Connects to the servers, by the usual settings.
    ///
    /// @param url one server or more, with commas between: `nats://one:4222,nats://two:4222`
    /// @param set the name of the set: letters, digits, `-` and `_`, at most 64
    /// @throws IllegalArgumentException if the name is not like that, or there is no codec for a
    /// type
    /// @throws dev.ipcchannel.Disconnected if no server can be reached
    /// @throws dev.ipcchannel.HandshakeFailed if the servers refuse this user, or keep jobs in
    /// another way, or not at all
    /// @throws dev.ipcchannel.TypeMismatch if the nodes of the set do jobs of other types
    /// @throws InterruptedException if the thread is interrupted meanwhile
    public static <Q, R> ClusterWorkers<Q, R> connect(String url, String set, Class<Q> jobs,
            Class<R> answers) throws InterruptedException {
        return connect(ClusterOptions.of(url), set, TypeToken.of(Argument.given(jobs, "jobs")),
                TypeToken.of(Argument.given(answers, "answers")));
    }

    /// Connects to the servers. Throws what [#connect(String, String, Class, Class)] throws.
    public static <Q, R> ClusterWorkers<Q, R> connect(ClusterOptions options, String set,
            TypeToken<Q> jobs, TypeToken<R> answers) throws InterruptedException {
        Argument.given(options, "options");
        Argument.given(set, "set");
        Argument.given(jobs, "jobs");
        Argument.given(answers, "answers");
        return new ClusterWorkers<>(Asker.open(options, set, JobCodecs.of(jobs, answers)),
                ContextCarrier.of(Map.of()));
    }

    /// The same workers, for jobs that have a context, of which `carrier` makes the headers. In all
    /// else the two objects are the same, and they are closed together.
    public ClusterWorkers<Q, R> withContext(ContextCarrier carrier) {
        return new ClusterWorkers<>(asker, Argument.given(carrier, "carrier"));
    }

    /// The part of it that streams of jobs use.
    private final class Streams implements JobMapping.Target<Q, R> {

        @Override
        public CompletableFuture<R> send(Q data, JobOptions<R> options)
                throws InterruptedException {
            return ClusterWorkers.this.send(data, options);
        }

        @Override
        public int jobsAtOnce() {
            return USUAL_AT_ONCE;
        }

        @Override
        public void drop(List<R> answers) {
            // There are no ends of channels in what has crossed machines.
        }
    }

    @Override
    public CompletableFuture<R> send(Q data, JobOptions<R> options) throws InterruptedException {
        Argument.given(data, "data");
        Argument.given(options, "options");
        return asker.send(data, true, options, headers());
    }

    private Headers headers() {
        return Headers.of(context.headers());
    }

    @Override
    public R call(Q data, JobOptions<R> options) throws InterruptedException {
        CompletableFuture<R> answer = send(data, options);
        try {
            return answer.get();
        } catch (InterruptedException interrupt) {
            answer.cancel(true);
            throw interrupt;
        } catch (ExecutionException failed) {
            throw Rethrow.again(failed.getCause());
        }
    }

    @Override
    public void tell(Q data, JobOptions<R> options) throws InterruptedException {
        Argument.given(data, "data");
        Argument.given(options, "options");
        var _ = asker.send(data, false, options, headers());
    }

    @Override
    public JobOptions<R> defaults() {
        return defaults;
    }

    @Override
    public JobMapping<Q, R, R> mapping() {
        return mapping;
    }

    @Override
    public boolean drain(Duration timeout) throws InterruptedException {
        return asker.drain(Argument.given(timeout, "timeout"));
    }

    /// Ends it for this process: open jobs fail with [dev.ipcchannel.EndClosed]; those that wait
    /// are taken out of the queue, and those that have begun are cancelled. The second and later
    /// closes do nothing more.
    @Override
    public void close() {
        asker.close();
    }

    @Override
    public String toString() {
        return "ClusterWorkers[%s]".formatted(asker);
    }
}
