package dev.ipcchannel.internal.wait;

/// The count of the waits of one end of a channel, by threads that wait at the same time. Used
/// under the lock of its [Turn].
public interface WaitCount {

    /// Notes that a thread goes to sleep now. [#waitEnds] follows in any case.
    void waitBegins(long now);

    /// Notes that such a thread is awake now.
    ///
    /// @param start when it went to sleep
    void waitEnds(long start, long now);
}
