package dev.ipcchannel.worker;

/// The state of a job of a set, in one word, by which it is counted.
enum JobState {

    /// It is about to be given to the set.
    NEW,

    /// It waits for a worker.
    QUEUED,

    /// A worker has it, or the thread that gave it.
    IN_HAND,

    /// The same, but its time is over: it fails with that as soon as it is known what its worker
    /// was doing.
    EXPIRED,

    /// There is an answer. This state and the next two are for ever.
    COMPLETED,

    /// There is an exception.
    FAILED,

    /// The thread that waited for it has given it up, or somebody has completed its future.
    CANCELLED;

    boolean isEnd() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }
}
