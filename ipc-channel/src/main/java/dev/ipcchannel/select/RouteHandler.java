package dev.ipcchannel.select;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.internal.base.Log;

/// A handler of the messages of a route, see [Router].
///
/// Called by one thread at a time, in the order of the messages. Whatever it throws is logged, and
/// the route goes on.
///
/// @param <T> the type of the messages
@FunctionalInterface
public interface RouteHandler<T> {

    /// A message has come.
    void onMessage(T message);

    /// Something went wrong and the route goes on: a message that could not be read, or a sender
    /// that broke the format. Logs a warning, unless it is made to do something else.
    ///
    /// @param failure what [dev.ipcchannel.Receiver#receive()] would have thrown
    default void onFailure(RuntimeException failure) {
        Log.warningOfPeer("a message of a route is lost", failure);
    }

    /// The route is over, since no message can come any more. Not called when the route or its
    /// router is closed. Does nothing, unless it is made to do something.
    ///
    /// @param cause says how the last sender went
    default void onEnd(IpcException cause) {}
}
