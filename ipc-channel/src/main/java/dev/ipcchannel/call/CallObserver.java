package dev.ipcchannel.call;

import org.jspecify.annotations.Nullable;

/// An observer of a call, notified of what comes: parts, then either [#onEnd] or [#onFailure],
/// once.
///
/// It is called by whichever thread receives replies, one at a time, and keeps all other calls of
/// that caller waiting meanwhile: it does what is quick, never waits and does not throw. It may ask
/// again.
///
/// @param <R> the type of the answers
public interface CallObserver<R> {

    /// One part of the answer, not the last thing that comes.
    void onPart(R part);

    /// A part of the answer that cannot be read. The call has failed with this, and the other side
    /// is notified; parts that still come are dropped. [#onFailure] follows when that side has
    /// ended it.
    default void onUnreadablePart(RuntimeException failure) {
        // what follows says the same
    }

    /// The answer, or the last part of one.
    ///
    /// @param last null where the other side ended the call without one, as it does after a cancel
    void onEnd(@Nullable R last);

    /// There is no answer: what [Caller#call(Object)] would have thrown.
    void onFailure(RuntimeException failure);
}
