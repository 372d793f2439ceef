package dev.ipcchannel.cluster;

import dev.ipcchannel.cluster.Hands.Some;
import dev.ipcchannel.internal.base.Log;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.PullRequestOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The thread of a node that takes jobs from the servers, no more than hands are free: those of
/// high priority first, each eighth time those of low priority first.
///
/// Free hands ask one queue after the other, and then wait at that of the usual priority for up to
/// a second: a job of another priority, for a node that has nothing to do, waits that long. A queue
/// that was empty some milliseconds ago is left out.
///
/// Requests are sent as the protocol of JetStream has them (its API subject
/// `CONSUMER.MSG.NEXT`), all with reply subjects below one inbox: the client's own fetches
/// subscribe once for each. A status for a request says that no more jobs come by it. A job does
/// not say by which request it comes: it counts for the oldest one to its queue, which changes no
/// sum, since the servers serve them in their order.
final class Puller implements Runnable {

    private static final int FROM_BELOW = 8; // each so many rounds
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final long EMPTY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(3); // with no status
    private static final long RETRY_MILLIS = 200;
    private static final int HEARTBEAT = 100; // a status that ends nothing

    private final Node<?, ?> node;
    private final Engine engine;
    private final SetNames names;
    private final Hands hands;
    private final String inbox;
    private final AtomicLong lastRequest = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    // By reply subject, the oldest first; inside the lock.
    private final Map<String, Request> pending = new LinkedHashMap<>();
    private final long[] emptySince = new long[SetNames.PRIORITIES]; // about: any thread
    private long rounds;

    Puller(Node<?, ?> node, Engine engine, SetNames names, Hands hands) {
        this.node = node;
        this.engine = engine;
        this.names = names;
        this.hands = hands;
        this.inbox = engine.connection().createInbox();
        long now = System.nanoTime();
        Arrays.fill(emptySince, now - 2 * EMPTY_NANOS);
    }

    /// A request for jobs: the hands that wait for them, and the queues that are to be asked yet.
    private static final class Request {

        private final Some free; // inside the lock, once it is pending
        private final int count;
        private final List<Integer> rest; // priorities; then it waits
        private final int priority;
        private final boolean isWaiting;
        private final long sentNanos = System.nanoTime();

        Request(Some free, List<Integer> rest, int priority, boolean isWaiting) {
            this.free = free;
            this.count = free.left();
            this.rest = rest;
            this.priority = priority;
            this.isWaiting = isWaiting;
        }
    }

    /// Has jobs received from now on.
    void listen() {
        var _ = engine.connection().createDispatcher(this::receive).subscribe(inbox + ".*");
    }

    @Override
    public void run() {
        try {
            for (Some free = hands.takeFree(); free != null; free = hands.takeFree()) {
                if (engine.connection().getStatus() == Connection.Status.CONNECTED) {
                    ask(free, order());
                } else {
                    free.close();
                    Thread.sleep(RETRY_MILLIS); // it connects again by itself
                }
            }
        } catch (InterruptedException _) {
            // The node is closed.
        }
    }

    /// The priorities in the order of this round, without those of which there were none just now.
    private List<Integer> order() {
        boolean isFromBelow = ++rounds % FROM_BELOW == 0;
        long now = System.nanoTime();
        return IntStream.range(0, SetNames.PRIORITIES)
                .map(i -> isFromBelow ? i : SetNames.PRIORITIES - 1 - i)
                .filter(priority -> now - emptySince[priority] > EMPTY_NANOS
                        || priority == SetNames.USUAL_PRIORITY)
                .boxed().toList();
    }

    private void ask(Some free, List<Integer> order) {
        if (order.isEmpty()) {
            send(new Request(free, order, SetNames.USUAL_PRIORITY, true));
        } else {
            send(new Request(free, order.subList(1, order.size()), order.getFirst(), false));
        }
    }

    private void send(Request request) {
        String reply = inbox + "." + lastRequest.incrementAndGet();
        lock.lock();
        try {
            pending.put(reply, request); // first: the jobs may be there before this returns
        } finally {
            lock.unlock();
        }
        var options = request.isWaiting
                ? PullRequestOptions.builder(request.count).expiresIn(WAIT).build()
                : PullRequestOptions.noWait(request.count).build();
        try {
            engine.connection().publish("$JS.API.CONSUMER.MSG.NEXT.%s.%s"
                    .formatted(names.stream(), names.consumer(request.priority)), reply,
                    options.serialize());
        } catch (RuntimeException failure) { // the connection is away, or is closed
            Log.debug("jobs cannot be asked for", failure);
            end(reply);
        }
    }

    private void end(String reply) {
        Request request = remove(reply);
        if (request != null) {
            request.free.close();
        }
    }

    private @Nullable Request remove(String reply) {
        lock.lock();
        try {
            return pending.remove(reply);
        } finally {
            lock.unlock();
        }
    }

    /// By one thread.
    private void receive(Message message) {
        if (!message.isStatusMessage()) {
            if (hasHand(message)) {
                node.take(message);
            } else { // by a request that was given up, after an absence
                message.nak();
            }
        } else if (message.getStatus().getCode() != HEARTBEAT) {
            Request request = remove(message.getSubject());
            if (request != null) {
                over(request);
            }
        }
    }

    private boolean hasHand(Message job) {
        String consumer = job.metaData().getConsumer();
        lock.lock();
        try {
            Iterator<Request> oldest = pending.values().iterator();
            while (oldest.hasNext()) {
                Request request = oldest.next();
                if (names.consumer(request.priority).equals(consumer)) {
                    request.free.useOne();
                    if (request.free.left() == 0) { // no status follows
                        oldest.remove();
                    }
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /// There are no more jobs for a request at this moment.
    private void over(Request request) {
        int left = request.free.left();
        if (left == request.count) {
            emptySince[request.priority] = System.nanoTime();
        }
        if (request.isWaiting || left == 0) {
            request.free.close();
        } else {
            ask(request.free, request.rest);
        }
    }

    /// The servers know nothing of requests from before an absence. They get a job back that one of
    /// these still brings.
    void connected() {
        requests().keySet().forEach(this::end);
    }

    private Map<String, Request> requests() {
        lock.lock();
        try {
            return Map.copyOf(pending);
        } finally {
            lock.unlock();
        }
    }

    /// Each second: gives up requests of which neither jobs nor a status has come.
    void look() {
        long now = System.nanoTime();
        requests().forEach((reply, request) -> {
            if (now - request.sentNanos > LOST_NANOS) {
                end(reply);
            }
        });
    }

    @Override
    public String toString() {
        return "Puller[%s, requests=%d]".formatted(names.set(), requests().size());
    }
}
