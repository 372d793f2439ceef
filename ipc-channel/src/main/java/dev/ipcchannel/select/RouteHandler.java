package dev.ipcchannel.select;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.internal.base.Log;

/// A handler of the messages of a route, see [Router].
///
/// Called by one thread at a time, in the order of the messages. Its exceptions are logged, and the
/// route goes on.
///
/// @param <T> the type of the messages
@FunctionalInterface
public interface RouteHandler<T> {

    /// Handles a message.
    void onMessage(T message);

    /// Handles a failure after which the route goes on: a message that could not be read, or a
    /// sender that broke the format. By default logs a warning.
    ///
    /// @param failure what [dev.ipcchannel.Receiver#receive()] would have thrown
    default void onFailure(RuntimeException failure) {
        Log.warningOfPeer("a message of a route is lost", failure);
    }

    /// Handles the end of the route, when no message can come any more. Not called when the route
    /// or its router is closed. By default does nothing.
    ///
    /// @param cause the reason of the end
    default void onEnd(IpcException cause) {}
}
