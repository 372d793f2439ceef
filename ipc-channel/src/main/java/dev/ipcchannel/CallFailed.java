package dev.ipcchannel;

import dev.ipcchannel.internal.base.Printable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The failure of a call at the other side, with a text of what was thrown there.
///
/// No class of the other side is loaded: all that it sends is treated as text. The stack trace
/// shows where the caller waited and, as its cause, where the other side threw:
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

    /// @param remoteProcess the process that failed, as a person knows it: `worker 2 (pid=4711)`;
    /// empty if it is not known
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

    /// The process that failed, as a person knows it: `worker 2 (pid=4711, app.Prices)`; empty if
    /// it is not known.
    public String remoteProcess() {
        return remoteProcess;
    }

    /// The name of the class of what was thrown on the other side.
    public String remoteType() {
        return remoteType;
    }

    /// The message of what was thrown, unchanged; empty if it had none.
    public String remoteMessage() {
        return remoteMessage;
    }

    /// The stack at the other side, a line each, innermost first, followed by the causes.
    public List<String> remoteStack() {
        return remoteStack;
    }

    /// [#remoteStack] as an exception, for printed stack traces; null if that is empty. Do not rely
    /// on the class of that exception.
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // of two made at once, either will do
    public @Nullable Throwable getCause() {
        RemoteTrace made = trace;
        if (made == null && !remoteStack.isEmpty()) {
            made = RemoteTrace.of(remoteProcess, remoteStack);
            trace = made;
        }
        return made;
    }
}
