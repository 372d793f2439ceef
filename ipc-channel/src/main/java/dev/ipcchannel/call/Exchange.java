package dev.ipcchannel.call;

import java.time.Duration;
import java.util.Map;

/// The view that a [Handler] has of one call, until that returns. The library makes it.
///
/// @param <R> the type of the answers
public interface Exchange<R> {

    /// Whether the handler is to end soon: the caller has given up or is gone, or has interrupted
    /// it, or the responder was closed. Never waits.
    ///
    /// Where handlers run on the thread that serves, this looks at what has come in the meantime,
    /// which costs about a third of a microsecond.
    boolean isCancelled();

    /// Whether the caller wants the question back as far as it is not begun, which a handler that
    /// does several things one after the other may heed; as far as that was seen by now. Never
    /// waits, and does not look at what has come.
    boolean isWithdrawn();

    /// The headers of the question, by which a [ContextCarrier] of its caller describes a context;
    /// an empty map if there are none. It cannot be changed.
    Map<String, String> headers();

    /// Sends one part of the answer, waiting as long as the caller has not taken enough of those
    /// before.
    ///
    /// @throws java.util.concurrent.CancellationException if the call is cancelled, before or while
    /// it waits; it is meant to leave the handler
    /// @throws dev.ipcchannel.CodecFailed if the part cannot be turned into bytes; nothing is sent
    /// @throws dev.ipcchannel.MessageTooLarge if it is longer than the channel carries; nothing is
    /// sent
    /// @throws dev.ipcchannel.Disconnected if the caller is gone
    /// @throws IllegalStateException if the handler has returned; or from another thread than the
    /// handler's, where that runs on the thread that serves
    /// @throws InterruptedException if the thread is interrupted while it waits, as it is when the
    /// call is cancelled; nothing is sent
    void part(R part) throws InterruptedException;

    /// Sends one part of the answer, waiting no longer than `timeout`. Throws what [#part(Object)]
    /// throws.
    ///
    /// @throws dev.ipcchannel.TimedOut if the caller did not take enough in time; nothing is sent
    void part(R part, Duration timeout) throws InterruptedException;

    /// Has `resource` closed once this call is over: its answer is sent, or could not be, or no one
    /// waits for one any more. For what an answer is made of and does not take along, such as
    /// [dev.ipcchannel.SharedBytes], of which its receiver gets an object of its own:
    ///
    /// ```java
    /// responder.serve((name, exchange) -> exchange.closeWhenSent(SharedBytes.of(read(name))));
    /// ```
    ///
    /// What was given last is closed first, and what a close throws is logged. In a part that is
    /// sent there is no need for it: `part` has returned.
    ///
    /// @return the same
    /// @throws IllegalStateException as [#part(Object)] does; `resource` is closed then
    <T extends AutoCloseable> T closeWhenSent(T resource);
}
