package dev.ipcchannel;

import dev.ipcchannel.internal.base.WorkFuture;
import dev.ipcchannel.internal.wait.Owner;
import org.jspecify.annotations.Nullable;

/// A future of one message, for which a virtual thread waits.
///
/// The future owns the receiver before it is returned. An arriving message and a call that
/// completes the future by hand compete inside the receiver's guard, and the first wins. So there
/// is one completion, and a message that is not wanted remains in the receiver. Dependent stages
/// run after the thread has left the receiver, and may receive themselves.
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
            // No other completion is possible once the message is taken, except by an obtrude.
            if (message != null && !settle(message, null)) {
                receiver.drop(message);
            }
        } catch (Throwable failure) { // whatever it is, the future fails with it
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
