package dev.ipcchannel.cluster;

import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.internal.base.Headers;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.worker.WorkerSet;
import dev.ipcchannel.worker.WorkerSetBuilder;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.PublishOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The inside of a [ClusterNode]: its connection, its workers, the jobs that it has.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
final class Node<Q, R> implements AutoCloseable {

    private static final int MARKS_A_WAIT = 3;
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final String id;
    private final ClusterOptions options;
    private final SetNames names;
    private final JobCodecs<Q, R> codecs;
    private final Engine engine;
    private final WorkerSet<Q, R> workers;
    private final Hands hands;
    private final NodeCounts counts = new NodeCounts();
    private final ScheduledThreadPoolExecutor timer;
    private final AtomicLong lastTry = new AtomicLong();
    private final Map<Try, HeldJob<Q, R>> held = new ConcurrentHashMap<>();
    private final Pulse pulse;
    private final JobHeaders headers;
    private final Puller puller;
    private final Thread pulling;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean isDraining;

    private Node(ClusterOptions options, SetNames names, JobCodecs<Q, R> codecs, Engine engine,
            WorkerSet<Q, R> workers, JobHeaders headers, int atOnce) {
        this.id = "%s-%d-%s".formatted(host(), ProcessHandle.current().pid(),
                Long.toHexString(System.nanoTime()));
        this.options = options;
        this.names = names;
        this.codecs = codecs;
        this.engine = engine;
        this.workers = workers;
        this.headers = headers;
        this.hands = new Hands(atOnce);
        this.timer = new ScheduledThreadPoolExecutor(1,
                Thread.ofPlatform().daemon().name("ipc-channel node timer").factory());
        this.pulse = new Pulse(engine.connection(), names.nodeBeat(id), _ -> {});
        this.puller = new Puller(this, engine, names, hands);
        this.pulling = Thread.ofPlatform().daemon().name("ipc-channel node").unstarted(puller);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9-]", "-");
        } catch (UnknownHostException _) {
            return "node";
        }
    }

    static <Q, R> Node<Q, R> start(ClusterOptions options, String set, JobCodecs<Q, R> codecs,
            WorkerSetBuilder<Q, R> builder) throws InterruptedException {
        SetNames names = new SetNames(set, codecs.fingerprint());
        AtomicReference<Runnable> onConnected = new AtomicReference<>(() -> {});
        Engine engine = Engine.open(options, names, () -> onConnected.get().run());
        boolean isStarted = false;
        try {
            engine.registerTypes(codecs.description());
            engine.ensureConsumers();
            JobHeaders headers = new JobHeaders();
            WorkerSet<Q, R> workers = builder.context(headers).start();
            Node<Q, R> node = new Node<>(options, names, codecs, engine, workers, headers,
                    workers.jobsAtOnce());
            onConnected.set(node.puller::connected);
            node.begin();
            isStarted = true;
            return node;
        } finally {
            if (!isStarted) {
                engine.close();
            }
        }
    }

    private void begin() {
        Connection connection = engine.connection();
        var _ = connection.createDispatcher(this::receive).subscribe(names.node(id));
        pulse.listen(names.askerBeats());
        var _ = timer.scheduleAtFixedRate(this::beat, 0, 1, TimeUnit.SECONDS);
        long marks = options.ackWait().toMillis() / MARKS_A_WAIT;
        var _ = timer.scheduleAtFixedRate(() -> held.values().forEach(HeldJob::mark), marks, marks,
                TimeUnit.MILLISECONDS);
        puller.listen();
        pulling.start();
    }

    private void beat() {
        pulse.beat();
        held.values().stream().filter(job -> isGone(job.envelope().asker()))
                .forEach(HeldJob::cancel);
        pulse.forget(options.cancelledAfter().multipliedBy(2), asker -> held.values().stream()
                .anyMatch(job -> job.envelope().asker().equals(asker)));
        puller.look();
    }

    /// A message of a process that asks. Any answer says that no more is to be sent.
    private void receive(Message message) {
        try {
            byte[] answer = switch (ToNode.CODEC.fromBytes(message.getData())) {
                case ToNode.Cancel(Try about) -> {
                    HeldJob<Q, R> job = held.get(about);
                    if (job != null) {
                        job.cancel();
                    }
                    yield new byte[0];
                }
                case ToNode.Which(List<String> jobs) ->
                        ToNode.Lacking.CODEC.toBytes(new ToNode.Lacking(lacking(jobs)));
            };
            if (message.getReplyTo() != null) {
                engine.connection().publish(message.getReplyTo(), answer);
            }
        } catch (CodecFailed unreadable) {
            Log.warningOfPeer("a message of one that asks cannot be read, and is dropped",
                    unreadable);
        }
    }

    private List<String> lacking(List<String> jobs) {
        Set<String> here = held.keySet().stream().map(Try::job).collect(Collectors.toSet());
        return jobs.stream().filter(job -> !here.contains(job)).toList();
    }

    /// A job has come, for which a hand is free.
    void take(Message message) {
        Envelope envelope;
        try {
            envelope = Envelope.CODEC.fromBytes(message.getData());
        } catch (CodecFailed unreadable) {
            Log.warningOfPeer("a message in the queue of jobs is none, and is removed", unreadable);
            message.ack();
            hands.freeOne();
            hands.endOne();
            return;
        }
        Thread _ = Thread.startVirtualThread(new HeldJob<>(this, message, envelope));
    }

    /// Keeps a job that was begun twice and ended neither time, for people to look at.
    void quarantine(Envelope envelope, byte[] message) {
        try {
            var _ = engine.stream().publish(names.quarantineSubject(), message,
                    PublishOptions.builder().messageId(envelope.id()).build());
            counts.quarantined();
        } catch (IOException | JetStreamApiException | RuntimeException failure) {
            Log.warning("a job could not be put into the quarantine of its set", failure);
        }
    }

    /// Gives a job to the workers within its context.
    <T extends @Nullable Object, X extends Throwable> T within(Envelope envelope,
            ScopedValue.CallableOp<? extends T, X> action) throws X {
        return headers.within(Headers.read(envelope.headers()).values(), action);
    }

    /// The bytes of an answer, or of a part of one.
    byte[] answer(R value) {
        byte[] bytes = codecs.answers().toBytes(value);
        if (bytes.length > engine.maxData()) {
            throw new MessageTooLarge(("an answer is too long for the cluster: length=%,d, limit="
                    + "%,d bytes: make it shorter, send it in parts, or raise max_payload of the"
                    + " servers").formatted(bytes.length, engine.maxData()));
        }
        return bytes;
    }

    Try nextTry(String job) {
        return new Try(job, id, lastTry.incrementAndGet());
    }

    void hold(Try about, HeldJob<Q, R> job) {
        pulse.expect(job.envelope().asker());
        held.put(about, job);
    }

    void release(Try about) {
        held.remove(about);
    }

    /// Whether nothing was heard of a process that asks for so long that its jobs are cancelled.
    boolean isGone(String asker) {
        return pulse.silence(asker).compareTo(options.cancelledAfter()) > 0;
    }

    void heard(String asker) {
        pulse.heard(asker);
    }

    String id() {
        return id;
    }

    SetNames names() {
        return names;
    }

    JobCodecs<Q, R> codecs() {
        return codecs;
    }

    Engine engine() {
        return engine;
    }

    WorkerSet<Q, R> workers() {
        return workers;
    }

    Hands hands() {
        return hands;
    }

    NodeCounts counts() {
        return counts;
    }

    NodeStats stats() {
        return counts.stats(hands,
                engine.connection().getStatus() == Connection.Status.CONNECTED, isDraining);
    }

    boolean isDraining() {
        return isDraining;
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    int busy() {
        return hands.busy();
    }

    boolean drain(Duration timeout) throws InterruptedException {
        isDraining = true;
        hands.stop();
        return hands.awaitAllFree(timeout);
    }

    void awaitEnd() throws InterruptedException {
        closed.await();
    }

    /// Waits until the node is closed.
    ///
    /// @return false if it is not closed after `timeout`
    boolean awaitEnd(Duration timeout) throws InterruptedException {
        return closed.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        isDraining = true;
        hands.stop();
        pulling.interrupt();
        workers.close(); // the jobs that it has end with that, and their ends are sent
        try {
            boolean _ = hands.awaitAllFree(LAST_WORDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        closed.countDown();
        var _ = timer.shutdownNow();
        engine.close();
    }

    @Override
    public String toString() {
        return "Node[%s, set=%s, busy=%d]".formatted(id, names.set(), busy());
    }
}
