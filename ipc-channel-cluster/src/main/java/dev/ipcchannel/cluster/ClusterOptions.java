package dev.ipcchannel.cluster;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.ShownTime;
import io.nats.client.Options;
import java.time.Duration;
import java.util.function.Consumer;

/// The settings of a set of jobs in a cluster: where its servers are, and how they keep its jobs.
/// Those that ask and all nodes have to agree on what the servers keep (`replicas`, `isInMemory`,
/// `maxWaiting`, `ackWait`). Each `with…` makes another object.
///
/// @param url one server or more, with commas between: `nats://one:4222,nats://two:4222`
/// @param client what else the client is to know: user, token, nkey, credentials file, TLS
/// @param replicas on how many servers each job is kept: 1, 3 or 5
/// @param isInMemory whether jobs are kept in the servers' memory: then a restart of a server, or
/// of all that have a replica, loses them
/// @param maxWaiting how many jobs may wait, those in hand included; at least 1
/// @param ackWait after how long a job is offered again whose node is gone; 1 s at least
/// @param unreachableAfter after how long without a sign of life a node counts as lost, and one
/// that asks counts as away; 1 s at least
/// @param cancelledAfter after how long the jobs of one that is away are cancelled
public record ClusterOptions(String url, Consumer<Options.Builder> client, int replicas,
        boolean isInMemory, long maxWaiting, Duration ackWait, Duration unreachableAfter,
        Duration cancelledAfter) {

    private static final long MOST_WAITING = 100_000;
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration USUAL = Duration.ofSeconds(10);
    private static final Duration USUAL_AWAY = Duration.ofSeconds(30);

    /// @throws NullPointerException if something is null
    /// @throws IllegalArgumentException if a value is beyond what its parameter says
    public ClusterOptions {
        Argument.given(url, "url");
        Argument.given(client, "client");
        if (replicas != 1 && replicas != 3 && replicas != 5) {
            throw new IllegalArgumentException(
                    "a job is kept on 1, 3 or 5 servers: replicas=" + replicas);
        }
        if (maxWaiting < 1) {
            throw new IllegalArgumentException(
                    "one job at least may wait: maxWaiting=%d, limit=1".formatted(maxWaiting));
        }
        check(ackWait, "ackWait");
        check(unreachableAfter, "unreachableAfter");
        check(cancelledAfter, "cancelledAfter");
    }

    private static void check(Duration time, String name) {
        if (Argument.given(time, name).compareTo(LEAST) < 0) {
            throw new IllegalArgumentException("%s is too short for a network: %s=%s, limit=%s"
                    .formatted(name, name, ShownTime.of(time), ShownTime.of(LEAST)));
        }
    }

    /// The usual settings: on one server, in a file, up to 100,000 jobs; a job is offered again
    /// after 10 s, a node is lost after 10 s, the jobs of one that is away are cancelled after 30.
    public static ClusterOptions of(String url) {
        return new ClusterOptions(url, _ -> {}, 1, false, MOST_WAITING, USUAL, USUAL, USUAL_AWAY);
    }

    /// The same with what else the client is to know, besides what it knows already.
    public ClusterOptions withClient(Consumer<Options.Builder> more) {
        Argument.given(more, "more");
        return new ClusterOptions(url, client.andThen(more), replicas, isInMemory, maxWaiting,
                ackWait, unreachableAfter, cancelledAfter);
    }

    /// The same with each job on so many servers.
    ///
    /// @throws IllegalArgumentException unless that is 1, 3 or 5
    public ClusterOptions withReplicas(int count) {
        return new ClusterOptions(url, client, count, isInMemory, maxWaiting, ackWait,
                unreachableAfter, cancelledAfter);
    }

    /// The same with jobs in the servers' memory, which a restart loses.
    public ClusterOptions inMemory() {
        return new ClusterOptions(url, client, replicas, true, maxWaiting, ackWait,
                unreachableAfter, cancelledAfter);
    }

    /// The same with room for so many jobs.
    ///
    /// @throws IllegalArgumentException if that is none
    public ClusterOptions withMaxWaiting(long jobs) {
        return new ClusterOptions(url, client, replicas, isInMemory, jobs, ackWait,
                unreachableAfter, cancelledAfter);
    }

    /// The same with that time until a job is offered again.
    ///
    /// @throws IllegalArgumentException if it is less than a second
    public ClusterOptions withAckWait(Duration time) {
        return new ClusterOptions(url, client, replicas, isInMemory, maxWaiting, time,
                unreachableAfter, cancelledAfter);
    }

    /// The same with these times until a node counts as lost, and until the jobs of one that asks
    /// and is away are cancelled.
    ///
    /// @throws IllegalArgumentException if one is less than a second
    public ClusterOptions withAbsence(Duration unreachable, Duration cancelled) {
        return new ClusterOptions(url, client, replicas, isInMemory, maxWaiting, ackWait,
                unreachable, cancelled);
    }
}
