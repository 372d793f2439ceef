package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Moves messages between a channel and a queue of this process, on a virtual thread of its own,
/// until it is closed or the other side is gone.
///
/// A bounded queue keeps the senders of a channel waiting when it is full, and a full channel those
/// who fill the queue. The receiver, or the sender, stays open when the forwarding ends.
///
/// ```java
/// BlockingQueue<Order> orders = new ArrayBlockingQueue<>(100);
/// try (Forwarding<Order> forwarding = Forwarding.start(receiver, orders)) {
///     ship(orders.take());
/// } // what is not in the queue by now is the receiver's
/// ```
///
/// @param <T> the type of the messages
public final class Forwarding<T> implements AutoCloseable {

    private final ForwardingRoute<T> route;
    private final Thread thread;
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private volatile boolean isClosed;

    private Forwarding(ForwardingRoute<T> route) {
        this.route = route;
        this.thread = Thread.ofVirtual().name("ipc-channel forwarding").unstarted(this::run);
    }

    /// Starts to move messages from a receiver into a queue.
    ///
    /// It has the receiver for itself until it ends, also while it waits for room in the queue:
    /// receiving, moving and erasing it are an `IllegalStateException`; only closing it is not. A
    /// message that was received and is not in the queue when the forwarding ends is handed back: it
    /// is what the receiver gives next. Since it is decoded, it has to be received with `receive` or
    /// `tryReceive` before the receiver is moved, erased or read in place.
    ///
    /// @throws EndClosed if the receiver is closed or has moved
    /// @throws IllegalStateException if a thread is receiving, or another forwarding has the receiver
    public static <T> Forwarding<T> start(Receiver<T> receiver, BlockingQueue<? super T> queue) {
        Argument.given(receiver, "receiver");
        Argument.given(queue, "queue");
        return start(new ForwardingRoute.IntoQueue<>(receiver, queue));
    }

    /// Starts to move messages from a queue to a sender, which others may use meanwhile.
    ///
    /// @throws EndClosed if the sender is closed or has moved
    /// @throws IllegalArgumentException if the sender is an exclusive one: it is its thread's alone
    public static <T> Forwarding<T> start(BlockingQueue<? extends T> queue, Sender<T> sender) {
        Argument.given(queue, "queue");
        Argument.given(sender, "sender");
        return start(new ForwardingRoute.OutOfQueue<>(queue, sender));
    }

    private static <T> Forwarding<T> start(ForwardingRoute<T> route) {
        Forwarding<T> forwarding = new Forwarding<>(route);
        route.open(forwarding);
        boolean isStarted = false;
        try {
            forwarding.thread.start();
            isStarted = true;
            return forwarding;
        } finally {
            if (!isStarted) {
                RuntimeException _ = forwarding.closeRoute();
            }
        }
    }

    private void run() {
        Throwable failure = null;
        try {
            while (!isClosed) {
                route.move();
            }
        } catch (InterruptedException _) {
            // The route knows whether it has come to an end; else this was closed.
        } catch (Throwable thrown) { // whatever it is, it is how the forwarding has ended
            failure = thrown;
        }
        RuntimeException end = closeRoute();
        if (failure != null) {
            ended.completeExceptionally(failure);
        } else if (end != null && !isClosed) {
            ended.completeExceptionally(end);
        } else {
            ended.complete(null);
        }
    }

    private @Nullable RuntimeException closeRoute() {
        try {
            return route.close();
        } catch (RuntimeException failure) { // whoever waits for the end must not wait for ever
            return failure;
        }
    }

    /// Ends the thread's wait: it finds out why.
    void wakeup() {
        thread.interrupt();
    }

    /// How it ends: normally if it was closed; with [Disconnected] once the other side is gone, and
    /// from a receiver everything that was sent is in the queue by then; and otherwise with what
    /// `receive`, `send` or the queue has thrown.
    public CompletableFuture<@Nullable Void> ended() {
        return ended.copy();
    }

    /// The message that was taken out of the queue and could not be sent, once the forwarding has
    /// ended; it is not put back, for its place in the queue is gone. Empty if there is none.
    public Optional<T> unsent() {
        return ended.isDone() ? Optional.ofNullable(route.unsent()) : Optional.empty();
    }

    /// Stops it, and waits until it has stopped; called by its own thread, in a codec or a queue, it
    /// does not wait. The second and later closes do nothing.
    @Override
    public void close() {
        isClosed = true;
        thread.interrupt();
        if (Thread.currentThread().equals(thread)) {
            return;
        }
        try {
            ended.join(); // keeps an interrupt for later
        } catch (CompletionException _) {
            // Whoever wants to know asks how it ended.
        }
    }
}
