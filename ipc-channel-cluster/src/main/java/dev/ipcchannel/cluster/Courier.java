package dev.ipcchannel.cluster;

import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.cluster.ToAsker.Reply;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.worker.Progress;
import io.nats.client.Connection;
import io.nats.client.JetStreamStatusException;
import io.nats.client.Message;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The way of what a node has to say of one job to the process that has asked for it: each thing is
/// sent again until it has arrived, and parts in their order. What waits is kept in memory, up to a
/// limit.
final class Courier {

    private static final Duration REPLY_PATIENCE = Duration.ofSeconds(1);
    private static final long AGAIN_MILLIS = 200;
    private static final long MOST_KEPT = 64 << 20; // bytes of parts

    private final Node<?, ?> node;
    private final String asker;
    private final String subject;
    private volatile Try about;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    // Inside the lock.
    private final ArrayDeque<byte[]> parts = new ArrayDeque<>(0); // not confirmed
    private long keptBytes;
    private long position; // of the first of these
    private boolean isSending;

    Courier(Node<?, ?> node, Envelope envelope, Try about) {
        this.node = node;
        this.asker = envelope.asker();
        this.subject = node.names().asker(envelope.asker());
        this.about = about;
    }

    Try about() {
        return about;
    }

    /// The job is tried again: its parts come again.
    void startAgain(Try next) {
        lock.lock();
        try {
            parts.clear();
            keptBytes = 0;
            position = 0;
            about = next;
        } finally {
            lock.unlock();
        }
    }

    /// Whether nothing was heard of the process that asks for so long that its jobs are cancelled.
    boolean isAskerGone() {
        return node.isGone(asker);
    }

    /// Says how far the job is; that may be lost.
    void step(Progress step) {
        try {
            connection().publish(subject, ToAsker.CODEC.toBytes(
                    new ToAsker.Step(about, step.done(), step.total(), step.note())));
        } catch (RuntimeException failure) { // the connection is away, or is closed
            Log.debug("progress cannot be sent", failure);
        }
    }

    private Connection connection() {
        return node.engine().connection();
    }

    /// Sends a part when those before have arrived. Never waits.
    ///
    /// @throws IllegalStateException if too many bytes wait, which ends the job
    void part(byte[] value) {
        lock.lock();
        try {
            if (keptBytes + value.length > MOST_KEPT) {
                throw new IllegalStateException(
                        "the process that has asked takes no parts: waiting=%,d, limit=%,d bytes"
                                .formatted(keptBytes, MOST_KEPT));
            }
            parts.addLast(value);
            keptBytes += value.length;
            if (isSending) {
                return;
            }
            isSending = true;
        } finally {
            lock.unlock();
        }
        Thread _ = Thread.startVirtualThread(this::sendParts);
    }

    private void sendParts() {
        try {
            for (ToAsker.Part next = nextPart(); next != null; next = nextPart()) {
                if (!(ask(next) instanceof Reply.Confirmed(long awaited))) {
                    return;
                }
                confirmed(next.about(), awaited);
            }
        } catch (InterruptedException _) {
            // Nothing interrupts this thread.
        }
    }

    private ToAsker.@Nullable Part nextPart() {
        lock.lock();
        try {
            byte[] next = parts.peekFirst();
            if (next == null) {
                isSending = false;
                change.signalAll();
                return null;
            }
            return new ToAsker.Part(about, position, next);
        } finally {
            lock.unlock();
        }
    }

    private void confirmed(Try confirmed, long awaited) {
        lock.lock();
        try {
            while (confirmed.equals(about) && position < awaited && !parts.isEmpty()) {
                keptBytes -= parts.removeFirst().length;
                position++;
            }
        } finally {
            lock.unlock();
        }
    }

    /// Sends the end of the job after its parts, and waits until it has arrived, or is not wanted
    /// any more.
    void end(Ending ending) throws InterruptedException {
        node.counts().ended(ending);
        try {
            long all = awaitParts();
            Reply _ = ask(new ToAsker.Ended(about, all, ending));
        } finally {
            node.counts().arrived();
        }
    }

    private long awaitParts() throws InterruptedException {
        lock.lock();
        try {
            while (isSending && !isAskerGone()) {
                boolean _ = change.await(1, TimeUnit.SECONDS);
            }
            return position;
        } finally {
            lock.unlock();
        }
    }

    /// Asks for a begin: once, if the question has certainly not arrived; else until there is a
    /// reply, since a grant that was given and is not known here would be lost: no other try gets
    /// it.
    ///
    /// @return null if there is none
    @Nullable
    Reply askToBegin() throws InterruptedException {
        ToAsker.MayBegin question = new ToAsker.MayBegin(about);
        Attempt first = attempt(question);
        return first.reply != null || !first.mayHaveArrived ? first.reply : ask(question);
    }

    /// Asks until there is a reply, or the one that is asked is gone, or this node is closed.
    ///
    /// @return null if there is none
    @Nullable
    Reply ask(ToAsker words) throws InterruptedException {
        Reply reply = attempt(words).reply;
        while (reply == null && !isAskerGone() && !node.isClosed()) {
            Thread.sleep(AGAIN_MILLIS);
            reply = attempt(words).reply;
        }
        return reply;
    }

    /// The outcome of asking once.
    ///
    /// @param reply null if none came within a second
    private record Attempt(@Nullable Reply reply, boolean mayHaveArrived) {

        static final Attempt NO_LISTENER = new Attempt(null, false);
        static final Attempt UNKNOWN = new Attempt(null, true);
    }

    private Attempt attempt(ToAsker words) throws InterruptedException {
        try {
            Message reply = connection()
                    .requestWithTimeout(subject, ToAsker.CODEC.toBytes(words), REPLY_PATIENCE)
                    .get(REPLY_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            node.heard(asker);
            return new Attempt(Reply.CODEC.fromBytes(reply.getData()), true);
        } catch (CodecFailed unreadable) {
            Log.warningOfPeer("a reply of a process that asks cannot be read", unreadable);
            return Attempt.UNKNOWN;
        } catch (ExecutionException failed) {
            return failed.getCause() instanceof JetStreamStatusException status
                    && status.getStatus().isNoResponders() ? Attempt.NO_LISTENER : Attempt.UNKNOWN;
        } catch (TimeoutException _) {
            return Attempt.UNKNOWN;
        } catch (RuntimeException failure) { // the connection is away, or is closed
            Log.debug("the process that asks cannot be reached", failure);
            return Attempt.UNKNOWN;
        }
    }
}
