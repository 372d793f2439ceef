package dev.ipcchannel.testing;

import dev.ipcchannel.Channel;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import java.util.ArrayList;
import java.util.List;

/// The events that a set of receivers is expected to find, and has found.
public final class Selections {

    private Selections() {}

    /// That a message has come through a channel.
    public static <T> ReceiverEvent<T> message(Channel<? extends T> channel, T message) {
        return new ReceiverEvent.Message<>(channel.receiver(), message);
    }

    /// Selects until so many events have come.
    public static <T> List<ReceiverEvent<T>> take(ReceiverSet<T> set, int count)
            throws InterruptedException {
        List<ReceiverEvent<T>> events = new ArrayList<>();
        while (events.size() < count) {
            events.addAll(set.select());
        }
        return events;
    }
}
