package dev.ipcchannel;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// From where to where a [Forwarding] moves messages, and the one that it has in hand. Used by its
/// thread, but for [#open].
///
/// @param <T> the type of the messages
abstract sealed class ForwardingRoute<T> {

    /// Before the first move, by the thread that starts it.
    abstract void open(Forwarding<T> forwarding);

    /// Moves a message, waiting for it and for room. What an interrupt finds in hand stays there.
    abstract void move() throws InterruptedException;

    /// After the last move.
    ///
    /// @return why nothing can be moved any more, if an end was closed or is gone
    abstract @Nullable RuntimeException close();

    /// The message in hand, if it goes to whoever asks. Any thread, after [#close].
    abstract @Nullable T unsent();

    /// From a receiver into a queue. The message in hand lies in the receiver all the time.
    static final class IntoQueue<T> extends ForwardingRoute<T> {

        private final Receiver<T> receiver;
        private final BlockingQueue<? super T> queue;

        IntoQueue(Receiver<T> receiver, BlockingQueue<? super T> queue) {
            this.receiver = receiver;
            this.queue = queue;
        }

        @Override
        void open(Forwarding<T> forwarding) {
            receiver.hold().begin(forwarding);
        }

        @Override
        void move() throws InterruptedException {
            queue.put(receiver.hold().look()); // outside the guard: a close of it need not wait
            receiver.hold().placed();
        }

        @Override
        @Nullable
        RuntimeException close() {
            try {
                receiver.hold().end();
                return null;
            } catch (EndClosed closed) {
                return closed;
            }
        }

        @Override
        @Nullable
        T unsent() {
            return null;
        }
    }

    /// Out of a queue to a sender.
    static final class OutOfQueue<T> extends ForwardingRoute<T> {

        private final BlockingQueue<? extends T> queue;
        private final Sender<T> sender;
        // What is to be woken when the receiver is gone. The sender keeps it for as long as it lives,
        // and must not keep more.
        private final AtomicReference<@Nullable Forwarding<T>> woken = new AtomicReference<>();
        private volatile @Nullable T inHand;

        OutOfQueue(BlockingQueue<? extends T> queue, Sender<T> sender) {
            this.queue = queue;
            this.sender = sender;
        }

        @Override
        void open(Forwarding<T> forwarding) {
            if (sender.isExclusive()) {
                throw new IllegalArgumentException(
                        "an exclusive sender is for its own thread, and a "
                                + "forwarding has another: sender=" + sender);
            }
            AtomicReference<@Nullable Forwarding<T>> link = woken;
            link.set(forwarding);
            sender.onDisconnect(() -> wake(link));
        }

        private static void wake(AtomicReference<? extends @Nullable Forwarding<?>> link) {
            Forwarding<?> forwarding = link.get();
            if (forwarding != null) {
                forwarding.wakeup();
            }
        }

        @Override
        void move() throws InterruptedException {
            T message = queue.take();
            inHand = message;
            sender.send(message);
            inHand = null;
        }

        @Override
        @Nullable
        RuntimeException close() {
            woken.set(null);
            return sender.isConnected() ? null
                    : new Disconnected(
                            "the receiver is gone, to which a queue was forwarded: sender="
                                    + sender);
        }

        @Override
        @Nullable
        T unsent() {
            return inHand;
        }
    }
}
