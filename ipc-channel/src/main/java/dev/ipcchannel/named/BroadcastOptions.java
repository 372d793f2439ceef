package dev.ipcchannel.named;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.ShownTime;
import java.time.Duration;

/// The options by which a broadcast channel is opened.
///
/// @param channel of a receiver: the ring for each of its senders, its way to wait, and the longest
/// message that it takes; of a sender: the longest message that it sends
/// @param slowReader what a sender does with a message that a receiver has no room for
/// @param queue how many messages a sender keeps for a receiver without room, with
/// [SlowReader#DROP_OLDEST]; never more than 64 MiB
/// @param strict whether a send fails at once while there is no receiver; otherwise it waits for a
/// receiver, or the message is kept for one
/// @param loopback whether a channel that sends and receives gets its own messages and counts as
/// one of its own receivers
/// @param linger how long messages without a receiver outlive the close of their channel
public record BroadcastOptions(ChannelOptions channel, SlowReader slowReader, int queue,
        boolean strict, boolean loopback, Duration linger) {

    private static final int MAX_QUEUE = 1_048_576;
    private static final BroadcastOptions DEFAULTS = new BroadcastOptions(ChannelOptions.defaults(),
            SlowReader.WAIT, 256, false, false, Duration.ofSeconds(1));

    /// @throws NullPointerException if a component is missing
    /// @throws IllegalArgumentException if the queue has no room for a message or is too long, or
    /// if the linger is negative
    public BroadcastOptions {
        Argument.given(channel, "channel");
        Argument.given(slowReader, "slowReader");
        Argument.given(linger, "linger");
        if (queue < 1 || queue > MAX_QUEUE) {
            throw new IllegalArgumentException(
                    "the queue for a slow receiver has room for 1 to %d messages: queue=%d"
                            .formatted(MAX_QUEUE, queue));
        }
        if (linger.isNegative()) {
            throw new IllegalArgumentException("the time that messages outlive their channel must"
                    + " not be negative: linger=" + ShownTime.of(linger));
        }
    }

    /// The default options: [ChannelOptions#defaults], [SlowReader#WAIT], a queue of 256, not
    /// strict, no loopback, and a linger of a second.
    public static BroadcastOptions defaults() {
        return DEFAULTS;
    }

    /// The same with another channel.
    public BroadcastOptions withChannel(ChannelOptions channel) {
        return new BroadcastOptions(channel, slowReader, queue, strict, loopback, linger);
    }

    /// The same with another policy for slow receivers.
    public BroadcastOptions withSlowReader(SlowReader slowReader) {
        return new BroadcastOptions(channel, slowReader, queue, strict, loopback, linger);
    }

    /// The same with another queue for a slow receiver.
    public BroadcastOptions withQueue(int queue) {
        return new BroadcastOptions(channel, slowReader, queue, strict, loopback, linger);
    }

    /// The same, strict or not.
    public BroadcastOptions withStrict(boolean strict) {
        return new BroadcastOptions(channel, slowReader, queue, strict, loopback, linger);
    }

    /// The same, with its own messages or without.
    public BroadcastOptions withLoopback(boolean loopback) {
        return new BroadcastOptions(channel, slowReader, queue, strict, loopback, linger);
    }

    /// The same with another linger.
    public BroadcastOptions withLinger(Duration linger) {
        return new BroadcastOptions(channel, slowReader, queue, strict, loopback, linger);
    }
}
