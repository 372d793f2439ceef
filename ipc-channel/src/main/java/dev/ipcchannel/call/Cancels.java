package dev.ipcchannel.call;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.Sender;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Says to the other side that calls are cancelled, and never waits for it: what finds no room is
/// kept, and tried again a moment later.
///
/// @param <Q> the type of the questions
final class Cancels<Q> {

    private static final Executor LATER =
            CompletableFuture.delayedExecutor(2, TimeUnit.MILLISECONDS);

    private final Sender<Request<Q>> sender;
    private final ConcurrentLinkedQueue<Request.Cancel<Q>> kept = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isRetrying = new AtomicBoolean();

    Cancels(Sender<Request<Q>> sender) {
        this.sender = sender;
    }

    void send(long id) {
        Request.Cancel<Q> cancel = new Request.Cancel<>(id);
        if (!offer(cancel)) {
            kept.add(cancel);
            retryLater();
        }
    }

    /// @return false if there is no room; one that cannot be told any more is done with
    private boolean offer(Request.Cancel<Q> cancel) {
        try {
            return sender.trySend(cancel) == SendOutcome.SENT;
        } catch (IpcException _) { // the other side is gone, or this one closed: nothing goes on there
            return true;
        }
    }

    private void retryLater() {
        if (isRetrying.compareAndSet(false, true)) {
            LATER.execute(this::retry);
        }
    }

    private void retry() {
        for (Request.Cancel<Q> next = kept.peek(); next != null && offer(next); next =
                kept.peek()) {
            kept.remove();
        }
        isRetrying.set(false); // before the look: send adds before it tries to be the one
        if (!kept.isEmpty()) {
            retryLater();
        }
    }
}
