package dev.ipcchannel;

import dev.ipcchannel.internal.base.Printable;
import java.util.List;

/// The other side of a call has answered that it failed: what was thrown there, in words.
///
/// No class of the other side is loaded, and what it says is not believed to be anything but text.
public final class CallFailed extends IpcException {

    private final String remoteType;
    private final String remoteMessage;
    private final List<String> remoteStack;

    /// @param remoteType the name of the class of what was thrown
    /// @param remoteMessage its message, empty if it had none
    /// @param remoteStack where it was thrown, a line each, innermost first
    public CallFailed(String remoteType, String remoteMessage, List<String> remoteStack) {
        super("the other side failed to answer: %s%s".formatted(Printable.of(remoteType),
                remoteMessage.isEmpty() ? "" : ": " + Printable.of(remoteMessage)), null);
        this.remoteType = remoteType;
        this.remoteMessage = remoteMessage;
        this.remoteStack = List.copyOf(remoteStack);
    }

    /// The name of the class of what was thrown on the other side.
    public String remoteType() {
        return remoteType;
    }

    /// Its message as it was, empty if it had none.
    public String remoteMessage() {
        return remoteMessage;
    }

    /// Where it was thrown on the other side, a line each, innermost first. What had caused it
    /// follows.
    public List<String> remoteStack() {
        return remoteStack;
    }
}
