package dev.ipcchannel.named;

/// The form of a broadcast channel: who may send by its name. Each message goes to all who receive.
///
/// All members of a name have it open in one form.
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
