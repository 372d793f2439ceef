package dev.ipcchannel;

/// The way in which a thread waits for a message or for room.
public enum WaitStrategy {

    /// Looks without ever sleeping. It has the shortest delay and keeps a processor busy.
    SPIN,

    /// Looks for a while ([ChannelOptions#spin]), then sleeps until it is woken.
    HYBRID,

    /// Sleeps at once. To be woken costs some tens of microseconds if the peer runs on another
    /// core.
    BLOCK
}
