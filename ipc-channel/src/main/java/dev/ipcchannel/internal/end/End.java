package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.wire.LaneSettings;

/// The common part of the two doors, [Outgoing] and [Incoming].
public interface End {

    /// The settings of the channel.
    LaneSettings settings();

    /// What has gone out or come in by here.
    Tally tally();

    /// Whether it has ended, by a close or since it has moved.
    boolean isEnded();

    /// The other side and what waits, for people: nothing that is waited for.
    String describe();

    /// Ends one that no thread can reach any more.
    ///
    /// @param reason a sentence for later calls
    void endForgotten(String reason);
}
