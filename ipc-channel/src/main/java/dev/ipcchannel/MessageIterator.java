package dev.ipcchannel;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;

/// An iterator over the messages of a receiver. It keeps no message itself: the message that
/// [#hasNext] has seen is still in the receiver.
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

    /// Waits until there is a message, or until there can be none any more.
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

    /// The exception for an interrupt in a method that cannot throw an `InterruptedException`. The
    /// interrupt flag is set again.
    static CancellationException cancelled(InterruptedException interrupt) {
        Thread.currentThread().interrupt();
        CancellationException cancelled = new CancellationException(
                "the thread was interrupted while it waited for a message; none is lost");
        cancelled.initCause(interrupt);
        return cancelled;
    }
}
