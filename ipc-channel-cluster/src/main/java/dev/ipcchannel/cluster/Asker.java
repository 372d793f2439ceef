package dev.ipcchannel.cluster;

import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.WorkersBusy;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Headers;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.worker.JobOptions;
import dev.ipcchannel.worker.Progress;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.NUID;
import io.nats.client.PublishOptions;
import io.nats.client.api.PublishAck;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The side of a set that asks: it publishes jobs, grants their begins to nodes, and takes what
/// becomes of them. Any thread.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
final class Asker<Q, R> implements AutoCloseable {

    /// How many jobs may be on their way into the stream: each is confirmed by the servers.
    private static final int PUBLISHING = 256;

    private static final int STREAM_IS_FULL = 10077;
    private static final Duration ROOM_PATIENCE = Duration.ofSeconds(30);
    private static final long LEAST_BACKOFF_MILLIS = 5;
    private static final long MOST_BACKOFF_MILLIS = 200;
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);
    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(1);

    private final String id = NUID.nextGlobal();
    private final ClusterOptions options;
    private final SetNames names;
    private final JobCodecs<Q, R> codecs;
    private final Engine engine;
    private final ScheduledThreadPoolExecutor timer;
    private final Semaphore publishing = new Semaphore(PUBLISHING, true);
    private final AtomicLong lastNumber = new AtomicLong();
    private final Map<String, OpenJob<R>> open = new ConcurrentHashMap<>();
    private final Map<Try, Deadline> left = new ConcurrentHashMap<>(); // to be cancelled
    private final Pulse pulse;
    private final Audit audit;
    private final AtomicInteger unfinished = new AtomicInteger(); // with what depends on them
    private volatile boolean isClosed;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition quiet = lock.newCondition();

    private Asker(ClusterOptions options, SetNames names, JobCodecs<Q, R> codecs)
            throws InterruptedException {
        this.options = options;
        this.names = names;
        this.codecs = codecs;
        this.engine = Engine.open(options, names, () -> {});
        this.pulse = new Pulse(engine.connection(), names.askerBeat(id), this::returned);
        this.audit = new Audit(engine, names, options, pulse, open.values());
        this.timer = new ScheduledThreadPoolExecutor(1,
                Thread.ofPlatform().daemon().name("ipc-channel cluster timer").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    static <Q, R> Asker<Q, R> open(ClusterOptions options, String set, JobCodecs<Q, R> codecs)
            throws InterruptedException {
        Asker<Q, R> asker =
                new Asker<>(options, new SetNames(set, codecs.fingerprint()), codecs);
        boolean isOpen = false;
        try {
            asker.engine.checkTypes(codecs.description());
            asker.listen();
            isOpen = true;
            return asker;
        } finally {
            if (!isOpen) {
                asker.close();
            }
        }
    }

    private void listen() {
        Connection connection = engine.connection();
        var _ = connection.createDispatcher(this::receive).subscribe(names.asker(id));
        pulse.listen(names.nodeBeats());
        var _ = timer.scheduleAtFixedRate(this::look, 0, 1, TimeUnit.SECONDS);
    }

    private void returned(Duration absence) {
        audit.returned(absence);
    }

    /// Gives a job, waiting for no more than room to do so.
    OpenJob<R> send(Q data, boolean isBidirectional, JobOptions<R> settings, Headers headers)
            throws InterruptedException {
        if (settings.key() != null) {
            throw new IllegalArgumentException("a cluster has no jobs that stick to a worker yet:"
                    + " key=%s: leave stickyTo out".formatted(settings.key()));
        }
        checkOpen();
        byte[] bytes = codecs.jobs().toBytes(data);
        if (bytes.length > engine.maxData()) {
            throw new MessageTooLarge(("a job is too long for the cluster: length=%,d, limit=%,d"
                    + " bytes: make it shorter, or raise max_payload of the servers")
                    .formatted(bytes.length, engine.maxData()));
        }
        Envelope envelope = new Envelope("%s.%d".formatted(id, lastNumber.incrementAndGet()), id,
                isBidirectional, settings.isIdempotent(),
                settings.onProgress() != null || settings.onPart() != null, headers.text(), bytes);
        OpenJob<R> job = new OpenJob<>(this, envelope, settings);
        awaitRoom(job);
        unfinished.incrementAndGet();
        open.put(job.id(), job);
        if (isClosed) { // after the look at the close, which looks for open jobs after it
            job.fail(closed());
            publishing.release();
            return job;
        }
        setTimer(job);
        new Publication(job, Envelope.CODEC.toBytes(envelope)).publish();
        return job;
    }

    private void checkOpen() {
        if (isClosed) {
            throw closed();
        }
    }

    private static EndClosed closed() {
        return new EndClosed("this service of jobs was closed");
    }

    private void awaitRoom(OpenJob<R> job) throws InterruptedException {
        Deadline limit = job.deadline().earlier(Deadline.after(ROOM_PATIENCE));
        if (!publishing.tryAcquire(limit.remainingNanos(), TimeUnit.NANOSECONDS)) {
            if (job.deadline().isPast()) {
                throw tooLate(job);
            }
            throw full();
        }
    }

    private WorkersBusy full() {
        return new WorkersBusy(("the cluster has no room for a job: set=%s, maxWaiting=%,d, waited"
                + "=%s (No available workers in this set!): start more nodes, or wait for answers")
                .formatted(names.set(), options.maxWaiting(), ShownTime.of(ROOM_PATIENCE)));
    }

    private TimedOut tooLate(OpenJob<R> job) {
        Duration timeout = job.options().timeout();
        Try current = job.current();
        return new TimedOut(("a job was not answered within the time given: timeout=%s: %s (Failed"
                + " to receive response in time)").formatted(
                        ShownTime.of(timeout == null ? Duration.ZERO : timeout),
                        current == null ? "no node has begun it"
                                : "node %s has it".formatted(current.node())));
    }

    private void setTimer(OpenJob<R> job) {
        if (!job.deadline().isFinite()) {
            return;
        }
        try {
            var alarm = timer.schedule(() -> job.fail(tooLate(job)),
                    job.deadline().remainingNanos(), TimeUnit.NANOSECONDS);
            var _ = job.whenComplete((_, _) -> alarm.cancel(false));
        } catch (RejectedExecutionException _) {
            // It is closed, which fails the job.
        }
    }

    /// The way of a job into the stream. What is not confirmed is sent again with the same id,
    /// which the servers take once.
    private final class Publication {

        private final OpenJob<R> job;
        private final byte[] bytes;
        private final Deadline room = Deadline.after(ROOM_PATIENCE);
        private long backoffMillis = LEAST_BACKOFF_MILLIS;

        Publication(OpenJob<R> job, byte[] bytes) {
            this.job = job;
            this.bytes = bytes;
        }

        void publish() {
            try {
                var _ = engine.stream()
                        .publishAsync(names.jobs(SetNames.priority(job.options().priority())),
                                bytes, PublishOptions.builder().messageId(job.id()).build())
                        .whenComplete(this::confirmed);
            } catch (RuntimeException failure) { // the connection is down, and its buffer full
                confirmed(null, failure);
            }
        }

        private void confirmed(@Nullable PublishAck ack, @Nullable Throwable failure) {
            if (ack != null) {
                publishing.release();
                if (job.published(ack.getSeqno())) {
                    elsewhere(() -> engine.remove(ack.getSeqno()));
                } else if (ack.isDuplicate()) { // it may have come and gone meanwhile
                    elsewhere(() -> job.checkQueue(engine::isThere));
                }
            } else if (job.isDone() || isClosed) {
                publishing.release(); // if it is in the stream, no begin is granted
            } else if (isFull(failure) && room.isPast()) {
                publishing.release();
                job.fail(full());
            } else {
                again();
            }
        }

        private void again() {
            try {
                var _ = timer.schedule(this::publish, backoffMillis, TimeUnit.MILLISECONDS);
                backoffMillis = Math.min(2 * backoffMillis, MOST_BACKOFF_MILLIS);
            } catch (RejectedExecutionException _) {
                publishing.release();
            }
        }
    }

    private static boolean isFull(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof JetStreamApiException)) {
            cause = cause.getCause();
        }
        return cause instanceof JetStreamApiException refusal
                && refusal.getApiErrorCode() == STREAM_IS_FULL;
    }

    private static void elsewhere(Runnable action) {
        Thread _ = Thread.startVirtualThread(action);
    }

    /// A message of a node.
    private void receive(Message message) {
        try {
            ToAsker words = ToAsker.CODEC.fromBytes(message.getData());
            pulse.heard(words.about().node());
            ToAsker.Reply reply = answer(words);
            if (message.getReplyTo() != null && reply != null) {
                engine.connection().publish(message.getReplyTo(),
                        ToAsker.Reply.CODEC.toBytes(reply));
            }
        } catch (CodecFailed unreadable) {
            Log.warningOfPeer("a message of a node cannot be read, and is dropped", unreadable);
        }
    }

    private ToAsker.@Nullable Reply answer(ToAsker words) {
        OpenJob<R> job = open.get(words.about().job());
        return switch (words) {
            case ToAsker.MayBegin(Try about) -> job == null ? new ToAsker.Reply.Refused()
                    : granted(job, about);
            case ToAsker.Part(Try about, long position, byte[] value) ->
                    new ToAsker.Reply.Confirmed(
                            job == null ? position + 1 : job.part(about, position, value));
            case ToAsker.Ended(Try about, long parts, Ending ending) -> {
                left.remove(about);
                if (job != null) {
                    job.ended(ending);
                }
                yield new ToAsker.Reply.Confirmed(parts + 1);
            }
            case ToAsker.Step step -> {
                if (job != null) {
                    job.step(step);
                }
                yield null;
            }
        };
    }

    private ToAsker.Reply granted(OpenJob<R> job, Try about) {
        ToAsker.Reply reply = job.decide(about);
        if (reply instanceof ToAsker.Reply.Quarantined) {
            job.quarantined();
        }
        return reply;
    }

    Duration cancelledAfter() {
        return options.cancelledAfter();
    }

    /// The value of an answer, or of a part of one.
    R answer(byte[] bytes) {
        return codecs.answers().fromBytes(bytes);
    }

    Progress progress(ToAsker.Step step) {
        return new Progress(step.done(), step.total(), step.note());
    }

    /// A job has ended here, and its future is about to be completed.
    void ended(OpenJob<R> job) {
        open.remove(job.id());
        OpenJob.Rest rest = job.rest();
        if (rest.sequence() != 0) {
            elsewhere(() -> engine.remove(rest.sequence()));
        }
        for (Try running : rest.running()) {
            left.put(running, Deadline.after(options.cancelledAfter()));
            elsewhere(() -> cancel(running));
        }
    }

    /// The future of a job is complete, and what depends on it has returned.
    void completed() {
        if (unfinished.decrementAndGet() == 0) {
            lock.lock();
            try {
                quiet.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /// Each second.
    private void look() {
        try {
            pulse.beat();
            left.values().removeIf(Deadline::isPast);
            left.keySet().forEach(running -> elsewhere(() -> cancel(running)));
            audit.look();
            pulse.forget(options.unreachableAfter().plus(FORGOTTEN), _ -> false);
        } catch (RuntimeException failure) {
            Log.error("the jobs of a cluster cannot be looked at", failure); // a fault of ours
        }
    }

    private void cancel(Try running) {
        try {
            Message reply = engine.connection().request(names.node(running.node()),
                    ToNode.CODEC.toBytes(new ToNode.Cancel(running)), REQUEST_TIMEOUT);
            if (reply != null) {
                left.remove(running);
            }
        } catch (InterruptedException | RuntimeException _) {
            // The next look tries again.
        }
    }

    /// Waits until all jobs are over, with what depends on them.
    ///
    /// @return false if they are not within `timeout`
    boolean drain(Duration timeout) throws InterruptedException {
        long nanos = TimeUnit.NANOSECONDS.convert(timeout);
        lock.lock();
        try {
            while (unfinished.get() > 0) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = quiet.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        isClosed = true; // before the look for open jobs: see send
        for (OpenJob<R> job : List.copyOf(open.values())) {
            job.fail(closed());
        }
        var _ = timer.shutdownNow();
        try {
            left.keySet().forEach(running -> engine.connection().publish(
                    names.node(running.node()), ToNode.CODEC.toBytes(new ToNode.Cancel(running))));
            engine.connection().flush(FLUSH_TIMEOUT);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | RuntimeException failure) {
            // The nodes cancel them when this process is not heard of any more.
            Log.debug("cancels could not be sent", failure);
        } finally {
            engine.close();
        }
    }

    @Override
    public String toString() {
        return "Asker[set=%s, id=%s, open=%d]".formatted(names.set(), id, open.size());
    }
}
