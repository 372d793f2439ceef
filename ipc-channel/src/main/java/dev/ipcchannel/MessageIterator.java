package dev.ipcchannel;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;

/// The messages of a receiver for a loop. It keeps nothing itself: the message that [#hasNext] has
/// seen lies in the receiver.
///
/// ```java
/// Iterator<Order> orders = receiver.iterator();
/// Order first = orders.hasNext() ? orders.next() : Order.NONE;
/// ```
///
/// @param <T> the type of the messages
final class MessageIterator<T> implements Iterator<T> {

    private final Receiver<T> receiver;

    MessageIterator(Receiver<T> receiver) {
        this.receiver = receiver;
    }

    /// Waits until there is a message, or can be none.
    @Override
    public boolean hasNext() {
        try {
            receiver.receiveIf(null, () -> false);
            return true;
        } catch (Disconnected _) {
            return false;
        } catch (InterruptedException interrupt) {
            throw cancelled(interrupt);
        }
    }

    @Override
    public T next() {
        try {
            return receiver.receive();
        } catch (Disconnected end) {
            throw new NoSuchElementException(end.getMessage(), end);
        } catch (InterruptedException interrupt) {
            throw cancelled(interrupt);
        }
    }

    /// An interrupt, as those are told of it who cannot be thrown an `InterruptedException`; the
    /// flag is set for whoever looks at it later.
    static CancellationException cancelled(InterruptedException interrupt) {
        Thread.currentThread().interrupt();
        CancellationException cancelled = new CancellationException(
                "the thread was interrupted while it waited for a message; none is lost");
        cancelled.initCause(interrupt);
        return cancelled;
    }
}
