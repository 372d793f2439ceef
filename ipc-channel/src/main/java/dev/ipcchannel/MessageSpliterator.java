package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import java.util.Spliterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A spliterator over the messages of a receiver, for a stream. It takes each message only when it
/// is to be handed on, none ahead.
///
/// ```java
/// try (Stream<Order> orders = receiver.stream()) { // another thread may close it
///     orders.forEach(this::ship);
/// }
/// ```
///
/// @param <T> the type of the messages
final class MessageSpliterator<T> implements Spliterator<T> {

    private final EndableWait<T> wait;

    MessageSpliterator(EndableWait<T> wait) {
        this.wait = wait;
    }

    @Override
    public boolean tryAdvance(Consumer<? super T> action) {
        Argument.given(action, "action");
        T message = take();
        if (message == null) {
            return false;
        }
        action.accept(message);
        return true;
    }

    private @Nullable T take() {
        try {
            return wait.take();
        } catch (Disconnected _) {
            return null;
        } catch (InterruptedException interrupt) {
            throw MessageIterator.cancelled(interrupt);
        }
    }

    /// Never splits: the messages of a split would have to be taken ahead, and would be lost if not
    /// asked for.
    @Override
    public @Nullable Spliterator<T> trySplit() {
        return null;
    }

    @Override
    public long estimateSize() {
        return Long.MAX_VALUE; // which means unknown
    }

    @Override
    public int characteristics() {
        return ORDERED | NONNULL;
    }
}
