package dev.ipcchannel.cluster;

import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.Printable;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener.Events;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.KeyValue;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The connection of one process to the servers of a cluster, with what they keep of a set. Any
/// thread may use it.
final class Engine implements AutoCloseable {

    private static final Duration PING = Duration.ofSeconds(2);
    private static final int PINGS_OUT = 2;
    private static final Duration RECONNECT_WAIT = Duration.ofMillis(250);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration UNANSWERED = Duration.ofSeconds(2); // then it is sent again
    private static final long RECONNECT_BUFFER = 1 << 20;
    private static final Duration DUPLICATES = Duration.ofMinutes(2);

    private static final int STREAM_NOT_FOUND = 10059;
    private static final int NO_MESSAGE = 10037;
    private static final int NAME_IN_USE = 10058;
    private static final int WRONG_LAST_SEQUENCE = 10071;

    private final ClusterOptions options;
    private final SetNames names;
    private final Connection connection;
    private final JetStream stream;
    private final JetStreamManagement management;

    private Engine(ClusterOptions options, SetNames names, Connection connection)
            throws IOException {
        this.options = options;
        this.names = names;
        this.connection = connection;
        this.stream = connection.jetStream();
        this.management = connection.jetStreamManagement();
    }

    /// Connects, and has the servers keep the set's jobs.
    ///
    /// @param onConnected is run each time the connection has come back
    static Engine open(ClusterOptions options, SetNames names, Runnable onConnected)
            throws InterruptedException {
        Connection connection = connect(options, names, onConnected);
        boolean isOpen = false;
        try {
            Engine engine = new Engine(options, names, connection);
            engine.ensureStream(engine.jobStream());
            engine.ensureStream(engine.quarantineStream());
            isOpen = true;
            return engine;
        } catch (IOException | JetStreamApiException failure) {
            throw noJetStream(options, failure);
        } finally {
            if (!isOpen) {
                connection.close();
            }
        }
    }

    private static Connection connect(ClusterOptions options, SetNames names,
            Runnable onConnected) throws InterruptedException {
        ConnectErrors errors = new ConnectErrors();
        Options.Builder client = new Options.Builder().servers(options.url().split(",", -1))
                .connectionName("ipc-channel " + names.set()).maxReconnects(-1)
                .pingInterval(PING).maxPingsOut(PINGS_OUT).reconnectWait(RECONNECT_WAIT)
                .connectionTimeout(CONNECT_TIMEOUT).reconnectBufferSize(RECONNECT_BUFFER)
                .reportNoResponders().requestCleanupInterval(UNANSWERED).errorListener(errors)
                .connectionListener((_, event) -> {
                    if (event == Events.RECONNECTED) {
                        onConnected.run();
                    }
                });
        try {
            options.client().accept(client);
            return Nats.connect(client.build());
        } catch (AuthenticationException refused) {
            throw new HandshakeFailed(("the servers of the cluster refuse this user: url=%s: %s:"
                    + " give ClusterOptions.withClient the user, token or credentials")
                    .formatted(shown(options.url()), shown(refused.getMessage())), refused);
        } catch (IOException | IllegalArgumentException failure) {
            throw errors.failure(options.url(), failure);
        }
    }

    private static RuntimeException noJetStream(ClusterOptions options, Exception failure) {
        return new HandshakeFailed(("the servers of the cluster cannot keep jobs: url=%s: %s: start"
                + " them with JetStream (nats-server -js), and give this account room for it")
                .formatted(shown(options.url()), shown(failure.getMessage())), failure);
    }

    /// A text without the passwords, tokens and names of users in its URLs.
    static String shown(@Nullable String text) {
        return Printable.of(String.valueOf(text).replaceAll("//[^/@,]*@", "//"));
    }

    private StreamConfiguration jobStream() {
        return base().name(names.stream()).subjects(names.allJobs())
                .retentionPolicy(RetentionPolicy.WorkQueue).maxMessages(options.maxWaiting())
                .duplicateWindow(DUPLICATES).build();
    }

    private StreamConfiguration quarantineStream() {
        return base().name(names.quarantineStream()).subjects(names.quarantineSubjects())
                .retentionPolicy(RetentionPolicy.Limits).maxMessages(options.maxWaiting())
                .duplicateWindow(DUPLICATES).build();
    }

    private StreamConfiguration.Builder base() {
        return StreamConfiguration.builder().replicas(options.replicas())
                .storageType(options.isInMemory() ? StorageType.Memory : StorageType.File)
                .discardPolicy(DiscardPolicy.New);
    }

    /// Makes a stream, or compares it with the one that is there.
    private void ensureStream(StreamConfiguration wanted)
            throws IOException, JetStreamApiException {
        StreamConfiguration found;
        try {
            found = management.getStreamInfo(wanted.getName()).getConfiguration();
        } catch (JetStreamApiException failure) {
            if (failure.getApiErrorCode() != STREAM_NOT_FOUND) {
                throw failure;
            }
            found = make(wanted);
        }
        List<String> differences = new ArrayList<>();
        compare(differences, "replicas", found.getReplicas(), wanted.getReplicas());
        compare(differences, "storage", found.getStorageType(), wanted.getStorageType());
        compare(differences, "maxWaiting", found.getMaxMsgs(), wanted.getMaxMsgs());
        if (!differences.isEmpty()) {
            throw new HandshakeFailed(("the cluster keeps the jobs of this set in another way:"
                    + " set=%s, %s: use the same ClusterOptions everywhere, or remove the stream %s"
                    + " once it is empty").formatted(names.set(), String.join(", ", differences),
                            wanted.getName()));
        }
    }

    private StreamConfiguration make(StreamConfiguration wanted)
            throws IOException, JetStreamApiException {
        try {
            return management.addStream(wanted).getConfiguration();
        } catch (JetStreamApiException failure) {
            if (failure.getApiErrorCode() != NAME_IN_USE) { // another process was quicker
                throw failure;
            }
            return management.getStreamInfo(wanted.getName()).getConfiguration();
        }
    }

    private static void compare(List<String> differences, String name, Object there,
            Object here) {
        if (!there.equals(here)) {
            differences.add("%s=%s there and %s here".formatted(name, there, here));
        }
    }

    /// Makes the consumer of each priority.
    void ensureConsumers() {
        try {
            for (int priority = 0; priority < SetNames.PRIORITIES; priority++) {
                var _ = management.addOrUpdateConsumer(names.stream(),
                        ConsumerConfiguration.builder().durable(names.consumer(priority))
                                .filterSubject(names.jobs(priority)).ackPolicy(AckPolicy.Explicit)
                                .ackWait(options.ackWait()).maxDeliver(-1).maxAckPending(-1)
                                .build());
            }
        } catch (IOException | JetStreamApiException failure) {
            throw noJetStream(options, failure);
        }
    }

    /// Registers the types of a node, so that those that ask can compare theirs.
    ///
    /// @param description of both types, for people
    void registerTypes(String description) {
        try {
            register(bucket(names.types()), description);
        } catch (IOException | JetStreamApiException failure) {
            throw noJetStream(options, failure);
        }
    }

    /// Compares the types of one that asks with those of the nodes that there are or have been.
    ///
    /// @param description of both types, for people
    /// @throws TypeMismatch if all of these do jobs of other types
    void checkTypes(String description) throws InterruptedException {
        try {
            KeyValue types = bucket(names.types());
            if (types.get(names.fingerprint()) == null) {
                List<String> others = types.keys();
                if (!others.isEmpty()) {
                    throw otherTypes(types, others, description);
                }
            }
        } catch (IOException | JetStreamApiException failure) {
            throw noJetStream(options, failure);
        }
    }

    private KeyValue bucket(String name) throws IOException, JetStreamApiException {
        var configuration = KeyValueConfiguration.builder(name).replicas(options.replicas())
                .storageType(options.isInMemory() ? StorageType.Memory : StorageType.File)
                .build();
        try {
            var _ = connection.keyValueManagement().create(configuration);
        } catch (JetStreamApiException failure) {
            if (failure.getApiErrorCode() != NAME_IN_USE) {
                throw failure;
            }
        }
        return connection.keyValue(name);
    }

    private void register(KeyValue types, String description)
            throws IOException, JetStreamApiException {
        try {
            long _ = types.create(names.fingerprint(),
                    description.getBytes(StandardCharsets.UTF_8));
        } catch (JetStreamApiException failure) {
            if (failure.getApiErrorCode() != WRONG_LAST_SEQUENCE) { // another one has done it
                throw failure;
            }
        }
    }

    private TypeMismatch otherTypes(KeyValue types, List<String> others, String description)
            throws IOException, JetStreamApiException {
        KeyValueEntry other = types.get(others.getFirst());
        String there = other == null ? "" : other.getValueAsString();
        return new TypeMismatch(("no node of this set does jobs of these types: set=%s: they differ"
                + " from those of its nodes: start nodes of this version first")
                .formatted(names.set()), description, there == null ? "" : there);
    }

    Connection connection() {
        return connection;
    }

    JetStream stream() {
        return stream;
    }

    /// Removes a job that waits. Nothing happens if it is gone.
    void remove(long sequence) {
        try {
            boolean _ = management.deleteMessage(names.stream(), sequence, false);
        } catch (IOException | JetStreamApiException failure) {
            Log.warning("a cancelled job stays in the cluster's queue until a node takes it",
                    failure);
        }
    }

    /// Whether a job is still in the stream; true if that cannot be asked at this moment.
    boolean isThere(long sequence) {
        try {
            var _ = management.getMessage(names.stream(), sequence);
            return true;
        } catch (JetStreamApiException failure) {
            return failure.getApiErrorCode() != NO_MESSAGE;
        } catch (IOException | RuntimeException failure) {
            Log.debug("the cluster's queue cannot be asked", failure);
            return true;
        }
    }

    /// The longest data of a job.
    long maxData() {
        return connection.getMaxPayload() - Envelope.OVERHEAD;
    }

    @Override
    public void close() {
        boolean isInterrupted = Thread.interrupted();
        try {
            connection.close();
        } catch (InterruptedException _) {
            isInterrupted = true;
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
