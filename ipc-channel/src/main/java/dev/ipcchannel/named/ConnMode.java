package dev.ipcchannel.named;

/// The mode in which a broadcast channel is open: it sends, receives, or does both.
public enum ConnMode {

    /// It sends.
    SENDER(1),

    /// It receives.
    RECEIVER(2),

    /// It does both, and does not receive its own messages, unless told so
    /// ([BroadcastOptions#loopback]).
    BOTH(3);

    private final int value;

    ConnMode(int value) {
        this.value = value;
    }

    /// Its number in libipc: a bit for each of the two, as in `SENDER | RECEIVER`.
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
