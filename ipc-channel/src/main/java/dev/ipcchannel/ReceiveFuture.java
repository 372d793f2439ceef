package dev.ipcchannel;

import dev.ipcchannel.internal.base.WorkFuture;
import dev.ipcchannel.internal.wait.Owner;
import org.jspecify.annotations.Nullable;

/// A message that a virtual thread waits for.
///
/// The receiver is the future's before anybody has the future. A message and the calls that
/// complete a future by hand compete inside the receiver's guard, and the first wins: so there is
/// one completion, and a message that is not wanted stays in the receiver. What depends on the
/// future runs after the thread has left the receiver, and may receive itself.
///
/// ```java
/// CompletableFuture<Order> order = receiver.receiveAsync();
/// order.cancel(true); // the order is still to be received, or is in the future
/// ```
///
/// @param <T> the type of the messages
final class ReceiveFuture<T> extends WorkFuture<T> {

    private final Receiver<T> receiver;
    private final EndableWait<T> wait;

    private ReceiveFuture(Receiver<T> receiver) {
        this.receiver = receiver;
        this.wait = new EndableWait<>(receiver);
    }

    static <T> ReceiveFuture<T> start(Receiver<T> receiver) {
        ReceiveFuture<T> future = new ReceiveFuture<>(receiver);
        future.wait.own(new Owner("a future of receiveAsync", "wait for it, or cancel it first"));
        boolean isStarted = false;
        try {
            Thread.ofVirtual().name("ipc-channel receive").start(future::run);
            isStarted = true;
            return future;
        } finally {
            if (!isStarted) {
                future.wait.end();
            }
        }
    }

    private void run() {
        try {
            T message = wait.take();
            // Alone, for "taken" refuses all others, but for one who obtrudes.
            if (message != null && !settle(message, null)) {
                receiver.drop(message);
            }
        } catch (Throwable failure) { // whatever it is, it is for whoever waits
            boolean _ = settle(null, failure);
        }
    }

    @Override
    protected boolean giveUp(@Nullable T value, @Nullable Throwable failure) {
        return wait.end() && settle(value, failure);
    }

    @Override
    public void obtrudeValue(T value) {
        wait.end();
        super.obtrudeValue(value);
    }

    @Override
    public void obtrudeException(Throwable failure) {
        wait.end();
        super.obtrudeException(failure);
    }
}
