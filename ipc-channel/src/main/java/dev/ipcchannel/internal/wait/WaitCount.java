package dev.ipcchannel.internal.wait;

/// The count of the waits of one end of a channel, by threads that wait beside each other. Used
/// under the lock of its [Turn].
public interface WaitCount {

    /// A thread goes to sleep now. [#waitEnds] follows in any case.
    void waitBegins(long now);

    /// That thread is awake now.
    ///
    /// @param start when it went to sleep
    void waitEnds(long start, long now);
}
