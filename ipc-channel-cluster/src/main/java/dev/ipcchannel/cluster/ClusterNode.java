package dev.ipcchannel.cluster;

import dev.ipcchannel.TypeToken;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.worker.WorkerSet;
import dev.ipcchannel.worker.WorkerSetBuilder;
import java.time.Duration;
import java.util.function.Consumer;

/// A machine's part of a set in a cluster: it takes jobs from the servers, as many as its workers
/// have hands free, and has them done by a [WorkerSet] of its own.
///
/// ```java
/// ClusterNode.start("nats://jobs:4222", "words", Path.class, Count.class,
///         WorkerSet.builder(Path.class, Count.class).worker(Counter.class)).serve();
/// ```
///
/// That is all of a program that is a node: it ends when it is asked to (SIGTERM), after its jobs.
/// Within a larger program [#drain] and [#close] end a node.
///
/// Nodes come and go at any time. Any number of threads may use one.
public final class ClusterNode implements AutoCloseable {

    /// Less than the 30 s after which Kubernetes kills, by default.
    private static final Duration USUAL_PATIENCE = Duration.ofSeconds(25);

    private final Node<?, ?> node;

    private ClusterNode(Node<?, ?> node) {
        this.node = node;
    }

    /// Starts the workers, connects, and takes jobs from then on. Throws what
    /// [ClusterWorkers#connect] throws, but for [dev.ipcchannel.TypeMismatch], since a node may be
    /// the first of a new version; and what [WorkerSetBuilder#start] throws.
    ///
    /// @param url one server or more, with commas between
    /// @param set the name of the set
    /// @param workers what does the jobs; its context is the jobs'
    public static <Q, R> ClusterNode start(String url, String set, Class<Q> jobs,
            Class<R> answers, WorkerSetBuilder<Q, R> workers) throws InterruptedException {
        return start(ClusterOptions.of(url), set, TypeToken.of(Argument.given(jobs, "jobs")),
                TypeToken.of(Argument.given(answers, "answers")), workers);
    }

    /// The same with settings, for generic types as well.
    public static <Q, R> ClusterNode start(ClusterOptions options, String set, TypeToken<Q> jobs,
            TypeToken<R> answers, WorkerSetBuilder<Q, R> workers) throws InterruptedException {
        Argument.given(options, "options");
        Argument.given(set, "set");
        Argument.given(workers, "workers");
        JobCodecs<Q, R> codecs = JobCodecs.of(Argument.given(jobs, "jobs"),
                Argument.given(answers, "answers"));
        return new ClusterNode(Node.start(options, set, codecs, workers));
    }

    /// The name of this node in errors: `host-4711-…`.
    public String id() {
        return node.id();
    }

    /// How many jobs it has in hand.
    public int busy() {
        return node.busy();
    }

    /// What it does at this moment, and what has become of its jobs.
    public NodeStats stats() {
        return node.stats();
    }

    /// Serves until the process is asked to end, and prints lines on standard output; see
    /// [#serve(Duration, Consumer)]. A drain may take 25 s.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits
    public void serve() throws InterruptedException {
        serve(USUAL_PATIENCE, System.out::println);
    }

    /// Serves until the process is asked to end, by SIGTERM, by Ctrl-C or by `System.exit`, or
    /// until the node is closed. At the end of the process it drains, as [#drain] does, and closes,
    /// before the JVM ends. So what ends the process has to wait for longer than `patience` before
    /// it kills: `TimeoutStopSec` of systemd, `terminationGracePeriodSeconds` of Kubernetes. The
    /// process ends with the exit code that a JVM has after such a signal: 143 after SIGTERM.
    ///
    /// At the start, each five seconds and after the drain one line says what the node does: how
    /// many hands are busy, how many jobs it has done, how many have failed, were cancelled, given
    /// back or put into the quarantine, how many ends it keeps, and whether it has a connection.
    /// Where nothing has changed since the last line, there is one each minute.
    ///
    /// The calling thread waits. If it is interrupted, the node goes on until it is closed.
    ///
    /// @param patience how long the drain may take; the jobs that are not done by then fail
    /// @param lines is given each line, without an end of line, by one thread at a time
    /// @throws InterruptedException if the thread is interrupted while it waits
    public void serve(Duration patience, Consumer<? super String> lines)
            throws InterruptedException {
        Argument.given(patience, "patience");
        new NodeService(node, patience, Argument.given(lines, "lines")).run();
    }

    /// Takes no more jobs, gives back those that are not begun, and waits until the others are done
    /// and their answers have arrived.
    ///
    /// @return false if that did not come within `timeout`
    /// @throws InterruptedException if the thread is interrupted while it waits
    public boolean drain(Duration timeout) throws InterruptedException {
        return node.drain(Argument.given(timeout, "timeout"));
    }

    /// Waits until the node is closed.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits
    public void awaitEnd() throws InterruptedException {
        node.awaitEnd();
    }

    /// Ends the node and its workers: jobs that it has begun fail. To let them end first, call
    /// [#drain] before. The second and later closes do nothing more.
    @Override
    public void close() {
        node.close();
    }

    @Override
    public String toString() {
        return "ClusterNode[%s]".formatted(node);
    }
}
