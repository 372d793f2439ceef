package dev.ipcchannel.named;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.internal.base.Argument;

/// The options by which a name is opened.
///
/// @param channel of a receiver: the ring for each of its senders, its way to wait, and the longest
/// message that it takes; of a sender: the longest message that it sends
/// @param unreceived what a sender does with a message while there is no receiver
public record NamedOptions(ChannelOptions channel, Unreceived unreceived) {

    private static final NamedOptions DEFAULTS =
            new NamedOptions(ChannelOptions.defaults(), Unreceived.WAIT);

    /// @throws NullPointerException if a component is missing
    public NamedOptions {
        Argument.given(channel, "channel");
        Argument.given(unreceived, "unreceived");
    }

    /// The default options: [ChannelOptions#defaults] and [Unreceived#WAIT].
    public static NamedOptions defaults() {
        return DEFAULTS;
    }

    /// The same with another channel.
    public NamedOptions withChannel(ChannelOptions channel) {
        return new NamedOptions(channel, unreceived);
    }

    /// The same with another policy for messages without a receiver.
    public NamedOptions withUnreceived(Unreceived unreceived) {
        return new NamedOptions(channel, unreceived);
    }
}
