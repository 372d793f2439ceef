package dev.ipcchannel.benchmarks.worker;

/// The messages of one slice: those to send, and the check of those that come.
///
/// @param <T> their type
interface Traffic<T> {

    /// Starts from zero.
    void restart();

    /// The message of that number, until the next is asked for.
    T message(long sequence);

    /// The message that ends a slice.
    T stop();

    /// Checks the next message that has come.
    ///
    /// @throws IllegalStateException if it is not the next one
    void check(T received);

    /// Whether the message that ends a slice has come.
    boolean isStopped();
}
