package dev.ipcchannel;

/// The way in which a thread waits for a message or for room.
public enum WaitStrategy {

    /// Looks without ever sleeping. The shortest waits there are, for the price of a processor.
    SPIN,

    /// Looks for a while ([ChannelOptions#spin]), then sleeps until it is woken.
    HYBRID,

    /// Sleeps at once. Being woken costs some tens of microseconds where the peer runs on another
    /// core.
    BLOCK
}
