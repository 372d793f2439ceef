package dev.ipcchannel.worker;

/// A job that a worker has received.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
public sealed interface Job<Q, R> {

    /// What is to be done.
    Q data();

    /// A job whose answer is waited for.
    ///
    /// @param data what is to be done
    /// @param reply where the answer goes
    /// @param <Q> the type of the jobs' data
    /// @param <R> the type of the answers
    record Bidirectional<Q, R>(Q data, JobReply<R> reply) implements Job<Q, R> {}

    /// A job without an answer. The worker has done it when the thread that got it receives the
    /// next one.
    ///
    /// @param data what is to be done
    /// @param <Q> the type of the jobs' data
    /// @param <R> the type of the answers
    record Unidirectional<Q, R>(Q data) implements Job<Q, R> {}
}
