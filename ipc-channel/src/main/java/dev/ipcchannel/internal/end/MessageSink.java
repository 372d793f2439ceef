package dev.ipcchannel.internal.end;

/// A taker of the messages that a selection finds at one receiver.
///
/// @param <T> the type of the messages
public interface MessageSink<T> {

    /// Takes a message.
    void message(T message);

    /// Takes a failure after which the receiver goes on.
    void failure(RuntimeException failure);
}
