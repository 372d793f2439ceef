package dev.ipcchannel.named;

/// The fate of a message for which a receiver has no room, since it receives too slowly, or is
/// stopped. It is a sender's to say; a receiver whose process has ended is not slow, but gone.
///
/// But for [#WAIT], it concerns that receiver alone: all others get the message.
public enum SlowReader {

    /// The sender waits for room, up to the time of its call. If that is over, no receiver has got
    /// the message.
    WAIT,

    /// The message goes to the others, and the call fails with
    /// [dev.ipcchannel.IpcStatus#SEND_FAILED]. The receiver learns of the gap
    /// ([IpcChannel#onGap]).
    FAIL,

    /// That receiver does not get the message. It learns of the gap ([IpcChannel#onGap]).
    DROP_NEWEST,

    /// The message waits on the sender's side until there is room. Where too many wait
    /// ([BroadcastOptions#queue]) the oldest of them is dropped, of which the receiver learns
    /// ([IpcChannel#onGap]).
    DROP_OLDEST,

    /// That receiver is cut off: it gets what was sent before, and then fails with
    /// [dev.ipcchannel.IpcStatus#CONNECTION_FAILED]. It may connect anew.
    DISCONNECT
}
