package dev.ipcchannel;

import dev.ipcchannel.internal.base.Printable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The other side of a call has answered that it failed: what was thrown there, in words.
///
/// No class of the other side is loaded, and what it says is not believed to be anything but text.
/// Printed, it shows where the caller waited and, as its cause, where the other side threw:
///
/// ```text
/// dev.ipcchannel.CallFailed: worker 2 (pid=4711, app.Prices) failed to answer: app.Unknown: a cup
///     at app.Shop.main(Shop.java:21)
/// Caused by: in worker 2 (pid=4711, app.Prices)
///     at app.Prices.price(Prices.java:33)
///     at app.Prices.main(Prices.java:12)
/// ```
public final class CallFailed extends IpcException {

    private final String remoteProcess;
    private final String remoteType;
    private final String remoteMessage;
    private final List<String> remoteStack;
    private transient volatile @Nullable RemoteTrace trace; // made at the first getCause

    /// @param remoteType the name of the class of what was thrown
    /// @param remoteMessage its message, empty if it had none
    /// @param remoteStack where it was thrown, a line each, innermost first
    public CallFailed(String remoteType, String remoteMessage, List<String> remoteStack) {
        this("", remoteType, remoteMessage, remoteStack);
    }

    /// @param remoteProcess which process failed, as a person knows it: `worker 2 (pid=4711)`;
    /// empty if that is not known
    /// @param remoteType the name of the class of what was thrown
    /// @param remoteMessage its message, empty if it had none
    /// @param remoteStack where it was thrown, a line each, innermost first
    public CallFailed(String remoteProcess, String remoteType, String remoteMessage,
            List<String> remoteStack) {
        super((remoteProcess.isEmpty() ? "the other side" : Printable.of(remoteProcess))
                + " failed to answer: " + Printable.of(remoteType)
                + (remoteMessage.isEmpty() ? "" : ": " + Printable.of(remoteMessage)), null);
        this.remoteProcess = remoteProcess;
        this.remoteType = remoteType;
        this.remoteMessage = remoteMessage;
        this.remoteStack = List.copyOf(remoteStack);
    }

    /// Which process failed, as a person knows it: `worker 2 (pid=4711, app.Prices)`; empty if
    /// that is not known.
    public String remoteProcess() {
        return remoteProcess;
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

    /// [#remoteStack] for a stack trace that is printed; null if that is empty. Its class is
    /// nothing to rely on.
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // of two made at once, either is right
    public @Nullable Throwable getCause() {
        RemoteTrace made = trace;
        if (made == null && !remoteStack.isEmpty()) {
            made = RemoteTrace.of(remoteProcess, remoteStack);
            trace = made;
        }
        return made;
    }
}
