package dev.ipcchannel.call;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.Link;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.SendOutcome;
import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// The notices to the other side that calls are cancelled, withdrawn or interrupted, or may go on
/// with more parts, never waiting for it: what finds no room, or no memory or descriptors, is kept,
/// and tried again a moment later. A caller that is forgotten is not kept for that: its ends say
/// more than a notice.
///
/// @param <Q> the type of the questions
final class ControlMessages<Q> {

    // Not in the common pool: its threads may all wait for what a notice brings about.
    private static final Executor LATER =
            CompletableFuture.delayedExecutor(2, TimeUnit.MILLISECONDS, Thread::startVirtualThread);

    private final Link<Request<Q>, ?> ends;
    private final ConcurrentLinkedQueue<Request<Q>> kept = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isRetrying = new AtomicBoolean();

    ControlMessages(Link<Request<Q>, ?> ends) {
        this.ends = ends;
    }

    void cancel(long id) {
        send(new Request.Cancel<>(id));
    }

    void withdraw(long id) {
        send(new Request.Withdraw<>(id));
    }

    void interrupt(long id) {
        send(new Request.Interrupt<>(id));
    }

    void grant(long id, int parts) {
        send(new Request.More<>(id, parts));
    }

    private void send(Request<Q> notice) {
        if (!kept.isEmpty() || !offer(notice)) { // in their order
            kept.add(notice);
            retryLater();
        }
    }

    /// @return false if it has to be tried again; one that cannot be sent any more is dropped
    private boolean offer(Request<Q> notice) {
        try {
            return ends.trySend(notice) == SendOutcome.SENT;
        } catch (ResourceExhausted _) {
            return false;
        } catch (IpcException _) { // one side is gone: nothing goes on there
            return true;
        }
    }

    private void retryLater() {
        if (isRetrying.compareAndSet(false, true)) {
            retryLater(new WeakReference<>(this));
        }
    }

    private static void retryLater(WeakReference<? extends ControlMessages<?>> forgettable) {
        LATER.execute(() -> {
            ControlMessages<?> control = forgettable.get();
            if (control != null) {
                control.retry();
            }
        });
    }

    private void retry() {
        for (Request<Q> next = kept.peek(); next != null && offer(next); next = kept.peek()) {
            kept.remove();
        }
        isRetrying.set(false); // before the look: send adds before it tries to be the one
        if (!kept.isEmpty()) {
            retryLater();
        }
    }
}
