package dev.ipcchannel.named;

/// The form of a broadcast channel: the number of senders that its name may have. Each message goes
/// to all receivers.
///
/// All members of a name open it in the same form.
public enum ChannelType {

    /// One sender, many receivers. A second sender is refused while the first is there.
    ROUTE(0),

    /// Many senders, many receivers.
    CHANNEL(1);

    private final int value;

    ChannelType(int value) {
        this.value = value;
    }

    /// Its number in libipc.
    public int value() {
        return value;
    }
}
