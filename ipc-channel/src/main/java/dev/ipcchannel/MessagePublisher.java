package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The messages of a receiver for one subscriber at a time, by the rules of Reactive Streams.
///
/// ```java
/// receiver.publisher().subscribe(subscriber); // which asks for as many as it can take
/// ```
///
/// @param <T> the type of the messages
final class MessagePublisher<T> implements Flow.Publisher<T> {

    private final Receiver<T> receiver;
    private final AtomicReference<@Nullable MessageSubscription<T>> current =
            new AtomicReference<>();

    MessagePublisher(Receiver<T> receiver) {
        this.receiver = receiver;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Argument.given(subscriber, "subscriber");
        MessageSubscription<T> subscription =
                new MessageSubscription<>(receiver, subscriber, this::free);
        if (current.compareAndSet(null, subscription)) {
            subscription.begin();
            return;
        }
        MessageSubscription.refuse(subscriber, new IllegalStateException(
                "a receiver has one subscriber at a time: cancel the other one first: receiver="
                        + receiver));
    }

    private void free(MessageSubscription<T> over) {
        current.compareAndSet(over, null);
    }
}
