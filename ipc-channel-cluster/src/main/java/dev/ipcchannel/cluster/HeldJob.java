package dev.ipcchannel.cluster;

import dev.ipcchannel.cluster.ToAsker.Reply;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.worker.JobOptions;
import dev.ipcchannel.worker.TimeoutAction;
import io.nats.client.Message;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A job at a node, from when it has come until its end has arrived at the process that has asked.
/// It runs on a virtual thread of its own: asks for a begin, has the job done, sends what becomes
/// of it.
///
/// The message of a job that may be begun once leaves the queue when the begin is granted, that of
/// another one when its end has arrived. Until then it is marked as in progress, or the servers
/// would offer it again.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
final class HeldJob<Q, R> implements Runnable {

    private static final Duration GIVE_BACK_DELAY = Duration.ofSeconds(2);

    private final Node<Q, R> node;
    private final Message message;
    private final Envelope envelope;

    private final ReentrantLock lock = new ReentrantLock();
    // Inside the lock.
    private boolean isInQueue = true; // neither acknowledged nor given back
    private boolean isCancelled;
    private @Nullable CompletableFuture<?> running;

    HeldJob(Node<Q, R> node, Message message, Envelope envelope) {
        this.node = node;
        this.message = message;
        this.envelope = envelope;
    }

    Envelope envelope() {
        return envelope;
    }

    @Override
    public void run() {
        boolean isHandFree = false;
        Courier courier = new Courier(node, envelope, node.nextTry(envelope.id()));
        node.hold(courier.about(), this);
        try {
            Reply.Begin grant = begin(courier);
            if (grant == null) {
                return;
            }
            Ending ending = work(courier, grant);
            node.hands().freeOne();
            isHandFree = true;
            if (mayBeTriedAgain(ending) && node.isDraining()) {
                giveBack(); // another node may ask for its second begin
            } else {
                courier.end(ending);
                acknowledge();
            }
        } catch (InterruptedException _) {
            giveBack(); // by the end of this process, and by nothing else
        } finally {
            node.release(courier.about());
            if (!isHandFree) {
                node.hands().freeOne();
            }
            node.hands().endOne();
        }
    }

    /// @return null if the job is not to be begun here; then it has left the queue, or goes back
    private Reply.@Nullable Begin begin(Courier courier) throws InterruptedException {
        Reply reply = node.isDraining() ? null : courier.askToBegin();
        switch (reply) {
            case Reply.Begin grant -> {
                if (!envelope.isIdempotent()) {
                    acknowledge();
                }
                return grant;
            }
            case Reply.Quarantined _ -> {
                node.quarantine(envelope, message.getData());
                acknowledge();
            }
            case Reply.Refused _,Reply.Confirmed _ -> acknowledge();
            case null -> {
                if (courier.isAskerGone()) {
                    acknowledge(); // no process is there that could want the answer
                } else {
                    giveBack();
                }
            }
        }
        return null;
    }

    /// Has the job done; once more if its worker dies, and another begin is granted.
    private Ending work(Courier courier, Reply.Begin grant) throws InterruptedException {
        Ending ending = once(courier, grant);
        while (mayBeTriedAgain(ending) && !node.isDraining()) {
            Try last = courier.about();
            courier.startAgain(node.nextTry(envelope.id()));
            node.hold(courier.about(), this);
            node.release(last); // after that: a job that is tried again is here all the time
            Reply reply = courier.ask(new ToAsker.MayBegin(courier.about()));
            if (!(reply instanceof Reply.Begin again)) {
                if (reply instanceof Reply.Quarantined) {
                    node.quarantine(envelope, message.getData());
                }
                return ending;
            }
            ending = once(courier, again);
        }
        return ending;
    }

    private boolean mayBeTriedAgain(Ending ending) {
        return ending instanceof Ending.Died(boolean hasStarted, _) && hasStarted
                && envelope.isIdempotent();
    }

    private Ending once(Courier courier, Reply.Begin grant) throws InterruptedException {
        try {
            return done(courier, grant);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            return Ending.of(cause == null ? failed : cause, node.id());
        } catch (RuntimeException failure) {
            return Ending.of(failure, node.id());
        }
    }

    private Ending done(Courier courier, Reply.Begin grant)
            throws InterruptedException, ExecutionException {
        Q data = node.codecs().jobs().fromBytes(envelope.data());
        JobOptions<R> options = options(courier, grant);
        if (envelope.isBidirectional()) {
            R answer = end(node.<CompletableFuture<R>, InterruptedException>within(envelope,
                    () -> node.workers().send(data, options)));
            return new Ending.Answered(node.answer(answer));
        }
        Object _ = end(node.<CompletableFuture<?>, InterruptedException>within(envelope,
                () -> node.workers().perform(data, options)));
        return new Ending.Done();
    }

    private JobOptions<R> options(Courier courier, Reply.Begin grant) {
        JobOptions<R> options = JobOptions.of(
                grant.remainingMillis() < 0 ? null : Duration.ofMillis(grant.remainingMillis()),
                grant.isRestarted() ? TimeoutAction.RESTART : TimeoutAction.ERROR);
        return !envelope.isObserved() ? options
                : options.withProgress(courier::step)
                        .withPart(part -> courier.part(node.answer(part)));
    }

    private <T> T end(CompletableFuture<T> future)
            throws InterruptedException, ExecutionException {
        boolean isUnwanted;
        lock.lock();
        try {
            running = future;
            isUnwanted = isCancelled;
        } finally {
            lock.unlock();
        }
        if (isUnwanted) {
            boolean _ = future.cancel(true);
        }
        return future.get();
    }

    /// The answer is not wanted any more.
    void cancel() {
        CompletableFuture<?> future;
        lock.lock();
        try {
            isCancelled = true;
            future = running;
        } finally {
            lock.unlock();
        }
        if (future != null) {
            boolean _ = future.cancel(true);
        }
    }

    private void acknowledge() {
        leaveQueue(message::ack);
    }

    /// Another node may have it, or this one later.
    private void giveBack() {
        leaveQueue(() -> {
            node.counts().givenBack();
            message.nakWithDelay(node.isDraining() ? Duration.ZERO : GIVE_BACK_DELAY);
        });
    }

    private void leaveQueue(Runnable words) {
        lock.lock();
        try {
            if (isInQueue) {
                isInQueue = false;
                words.run();
            }
        } catch (RuntimeException failure) { // the connection is away, or is closed
            Log.debug("a job stays in the queue until it is offered again", failure);
        } finally {
            lock.unlock();
        }
    }

    /// Says that it is in progress.
    void mark() {
        lock.lock();
        try {
            if (isInQueue) {
                message.inProgress();
            }
        } catch (RuntimeException failure) { // the connection is away, or is closed
            Log.debug("a job cannot be marked as in progress", failure);
        } finally {
            lock.unlock();
        }
    }
}
