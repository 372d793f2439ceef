package dev.ipcchannel.select;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.Receiver;

/// An event that a [ReceiverSet] has found at one of its receivers.
///
/// @param <T> the type of the messages
public sealed interface ReceiverEvent<T> {

    /// The receiver that it is about: the very object that was added.
    Receiver<? extends T> receiver();

    /// A message has come.
    ///
    /// @param receiver that it came to
    /// @param message that came
    /// @param <T> the type of the messages
    record Message<T>(Receiver<? extends T> receiver, T message) implements ReceiverEvent<T> {}

    /// The end of a receiver: no message can come any more, and all that was sent has been
    /// received; or it was closed by its own process. It has left the set, and is its owner's to
    /// close.
    ///
    /// @param receiver that has come to its end
    /// @param cause [dev.ipcchannel.Disconnected] or [dev.ipcchannel.EndClosed], which say how, or
    /// a [dev.ipcchannel.TypeMismatch] where the other side refuses this one
    /// @param <T> the type of the messages
    record Closed<T>(Receiver<? extends T> receiver, IpcException cause)
            implements ReceiverEvent<T> {}

    /// A failure that [Receiver#receive()] would have thrown, after which the receiver goes on: a
    /// message that could not be read is consumed, a sender that broke the format is cut off.
    ///
    /// @param receiver that goes on
    /// @param failure what went wrong
    /// @param <T> the type of the messages
    record Failed<T>(Receiver<? extends T> receiver, RuntimeException failure)
            implements ReceiverEvent<T> {}
}
