package dev.ipcchannel.named;

/// A policy of a [NamedSender] for a message while there is no receiver. A `trySend` never waits,
/// and always returns [dev.ipcchannel.SendOutcome#NO_RECEIVER] then.
public enum Unreceived {

    /// The sender waits for a receiver. The commit of a [dev.ipcchannel.Claim] does not wait: if
    /// the last receiver has gone since the claim, it throws [dev.ipcchannel.NoReceiver].
    WAIT,

    /// The sender drops the message and counts it: [NamedSender#dropped].
    DROP,

    /// It throws [dev.ipcchannel.NoReceiver].
    FAIL
}
