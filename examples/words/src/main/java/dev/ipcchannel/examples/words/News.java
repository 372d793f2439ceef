package dev.ipcchannel.examples.words;

/// The news that the one thread that counts hears from the threads of the set.
sealed interface News {

    /// A job was done.
    record Answered(CountWords job, FileCount answer) implements News {}

    /// A job was not done, for that reason.
    record Lost(CountWords job, Throwable reason) implements News {}

    /// A worker is ready.
    record WorkerReady() implements News {}

    /// A worker has ended that was not meant to.
    record WorkerDead() implements News {}

    /// No worker takes the place of one that dies any more.
    record GivenUp() implements News {}
}
