package dev.ipcchannel.named;

/// A sender's policy for a message that a receiver has no room for, since that receives too slowly
/// or is stopped. A receiver whose process has ended is not slow, but gone.
///
/// With all policies but [#WAIT], only that receiver is affected: all others get the message.
public enum SlowReader {

    /// The sender waits for room, up to the time limit of its call. If that passes, no receiver has
    /// got the message.
    WAIT,

    /// The message goes to the other receivers, and the call fails with
    /// [dev.ipcchannel.IpcStatus#SEND_FAILED]. The slow receiver is notified of the gap
    /// ([IpcChannel#onGap]).
    FAIL,

    /// The slow receiver does not get the message, and is notified of the gap ([IpcChannel#onGap]).
    DROP_NEWEST,

    /// The message waits at the sender until there is room. If too many wait
    /// ([BroadcastOptions#queue]), the oldest is dropped, and the slow receiver is notified of the
    /// gap ([IpcChannel#onGap]).
    DROP_OLDEST,

    /// The slow receiver is cut off: it gets all messages sent before, then fails with
    /// [dev.ipcchannel.IpcStatus#CONNECTION_FAILED]. It may connect anew.
    DISCONNECT
}
