package dev.ipcchannel.select;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.Receiver;

/// An event that a [ReceiverSet] has found at one of its receivers.
///
/// @param <T> the type of the messages
public sealed interface ReceiverEvent<T> {

    /// The receiver of the event: the same object that was added.
    Receiver<? extends T> receiver();

    /// The arrival of a message.
    ///
    /// @param receiver that got the message
    /// @param message that has arrived
    /// @param <T> the type of the messages
    record Message<T>(Receiver<? extends T> receiver, T message) implements ReceiverEvent<T> {}

    /// The end of a receiver: no message can come any more, and all messages sent have been
    /// received; or its own process has closed it. It has left the set, and its owner still has to
    /// close it.
    ///
    /// @param receiver that has ended
    /// @param cause [dev.ipcchannel.Disconnected] or [dev.ipcchannel.EndClosed], with the reason,
    /// or a [dev.ipcchannel.TypeMismatch] if the other side refuses this one
    /// @param <T> the type of the messages
    record Closed<T>(Receiver<? extends T> receiver, IpcException cause)
            implements ReceiverEvent<T> {}

    /// A failure that [Receiver#receive()] would have thrown and after which the receiver goes on:
    /// a message that could not be read is consumed, a sender that broke the format is cut off.
    ///
    /// @param receiver that goes on
    /// @param failure the exception
    /// @param <T> the type of the messages
    record Failed<T>(Receiver<? extends T> receiver, RuntimeException failure)
            implements ReceiverEvent<T> {}
}
