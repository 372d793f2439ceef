package dev.ipcchannel.named;

/// The mode in which a broadcast channel is open: it sends, receives, or does both.
public enum ConnMode {

    /// The channel sends.
    SENDER(1),

    /// The channel receives.
    RECEIVER(2),

    /// The channel does both. By default it does not receive its own messages
    /// ([BroadcastOptions#loopback]).
    BOTH(3);

    private final int value;

    ConnMode(int value) {
        this.value = value;
    }

    /// Its number in libipc: one bit to send and one to receive, as in `SENDER | RECEIVER`.
    public int value() {
        return value;
    }

    boolean sends() {
        return (value & SENDER.value) != 0;
    }

    boolean receives() {
        return (value & RECEIVER.value) != 0;
    }
}
