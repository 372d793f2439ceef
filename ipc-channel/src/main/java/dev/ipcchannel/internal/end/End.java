package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.wire.LaneSettings;

/// The common part of the two ways of messages, [Outgoing] and [Incoming].
public interface End {

    /// The settings of the channel.
    LaneSettings settings();

    /// The counters of the messages that have passed here.
    Counters counters();

    /// Whether it has ended: it was closed, or it has moved.
    boolean isEnded();

    /// A line for people about the other side and the waiting messages. Never waits.
    String describe();

    /// Ends an end that no thread can reach any more.
    ///
    /// @param reason a sentence for later calls
    void endForgotten(String reason);
}
