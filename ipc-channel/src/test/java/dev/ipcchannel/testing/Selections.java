package dev.ipcchannel.testing;

import dev.ipcchannel.Channel;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import java.util.ArrayList;
import java.util.List;

/// Helper methods for the events of a set of receivers.
public final class Selections {

    private Selections() {}

    /// The event of a message through a channel.
    public static <T> ReceiverEvent<T> message(Channel<? extends T> channel, T message) {
        return new ReceiverEvent.Message<>(channel.receiver(), message);
    }

    /// Selects until `count` events have come.
    public static <T> List<ReceiverEvent<T>> take(ReceiverSet<T> set, int count)
            throws InterruptedException {
        List<ReceiverEvent<T>> events = new ArrayList<>();
        while (events.size() < count) {
            events.addAll(set.select());
        }
        return events;
    }
}
