package dev.ipcchannel.call;

/// A call that is asked and not answered yet, as the receiving thread sees it. Its methods are
/// called by one thread at a time, which has the [Leadership]; but for [#fail], which may come from
/// any.
///
/// @param <R> the type of the answers
sealed interface OpenCall<R> permits FutureCall, WaitNodeCall {

    /// The number that it has got.
    void opened(long id);

    long id();

    /// Whether replies to it have to be received although no thread waits for them.
    boolean needsBackground();

    /// Whether its end runs code of a user's, which may take long.
    boolean runsUsersCode();

    /// No thread waits for it from now on. Inside the table's lock.
    ///
    /// @return false if that was known
    boolean neglect();

    /// The last thing that comes.
    ///
    /// @return false if it is to be dropped
    boolean onAnswer(R value);

    /// One part.
    ///
    /// @return false if none may come: then the call is over, and the part is to be dropped
    boolean onPart(R value);

    /// One part, which cannot be read.
    ///
    /// @return false if the call is over with that
    default boolean onUnreadablePart(RuntimeException failure) {
        fail(failure);
        return false;
    }

    /// Nothing more comes.
    void onEnd();

    /// The other side has failed.
    void onFailed(RemoteFailure failure);

    /// Nothing can come any more, or nothing that could be read.
    void fail(RuntimeException failure);
}
