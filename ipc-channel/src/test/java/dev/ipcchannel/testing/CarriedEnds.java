package dev.ipcchannel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Sender;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The senders that a test puts into messages, with their receivers, which remain here and notice
/// the close of the senders. Any thread may add some, a handler's as well; the test closes them at
/// its end.
public final class CarriedEnds implements AutoCloseable {

    private final List<Channel<String>> channels = new CopyOnWriteArrayList<>();

    /// A sender of a new channel.
    public Sender<String> sender() {
        Channel<String> channel = Channel.create(String.class);
        channels.add(channel);
        return channel.sender();
    }

    public boolean isConnected(int index) {
        return channels.get(index).receiver().isConnected();
    }

    public void assertAllOpen() {
        assertThat(channels).isNotEmpty().allMatch(channel -> channel.receiver().isConnected());
    }

    public void assertAllClosed() {
        assertThat(channels).isNotEmpty().noneMatch(channel -> channel.receiver().isConnected());
    }

    /// Waits until there are senders, which a handler may still have to make, and all are closed.
    public void awaitAllClosed() {
        await("all are closed").atMost(Children.PATIENCE).untilAsserted(this::assertAllClosed);
    }

    @Override
    public void close() {
        channels.forEach(Channel::close);
    }
}
