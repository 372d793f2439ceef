package dev.ipcchannel.cluster;

import static org.awaitility.Awaitility.await;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.Replica;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Three servers on loopback that keep each job three times.
final class NatsCluster implements AutoCloseable {

    private static final int SERVERS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<NatsServer> servers = new ArrayList<>();

    private NatsCluster() {}

    /// Starts them, and waits until they keep jobs.
    static NatsCluster start(Path folder) throws IOException, InterruptedException {
        NatsCluster cluster = new NatsCluster();
        List<Integer> routes = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            routes.add(NatsServer.freePort());
        }
        String all = routes.stream().map(port -> "nats-route://127.0.0.1:" + port)
                .collect(Collectors.joining(","));
        for (int i = 0; i < SERVERS; i++) {
            Path own = Files.createDirectory(folder.resolve("server" + i));
            cluster.servers.add(NatsServer.start(own, "--name", "server" + i, "--cluster_name",
                    "deeds", "--cluster", "nats://127.0.0.1:" + routes.get(i), "--routes", all));
        }
        cluster.awaitReady();
        return cluster;
    }

    String url() {
        return servers.stream().map(NatsServer::url).collect(Collectors.joining(","));
    }

    NatsServer server(String name) {
        return servers.get(IntStream.range(0, SERVERS).filter(i -> name.equals("server" + i))
                .findFirst().orElseThrow());
    }

    List<NatsServer> servers() {
        return servers;
    }

    /// Waits until streams can be made on all of them.
    private void awaitReady() {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> ask(management -> {
            var _ = management.addStream(StreamConfiguration.builder().name("probe")
                    .subjects("probe").replicas(SERVERS).build());
            return management.deleteStream("probe");
        }));
    }

    private <T> T ask(NatsServer.Question<T> question) throws Exception {
        return NatsServer.ask(url(), question);
    }

    /// The server that leads a stream.
    NatsServer leader(String stream) throws Exception {
        return server(Objects.requireNonNull(ask(management -> info(management, stream))
                .getLeader()));
    }

    /// Waits until each server has all of a stream: the next kill needs that.
    void awaitCurrent(String stream) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            ClusterInfo info = ask(management -> info(management, stream));
            List<Replica> others = info.getReplicas();
            return info.getLeader() != null && others != null && others.size() == SERVERS - 1
                    && others.stream()
                            .allMatch(other -> other.isCurrent() && !other.isOffline());
        });
    }

    private static ClusterInfo info(JetStreamManagement management, String stream)
            throws IOException, JetStreamApiException {
        return Objects.requireNonNull(management.getStreamInfo(stream).getClusterInfo());
    }

    @Override
    public void close() {
        servers.forEach(NatsServer::close);
    }
}
