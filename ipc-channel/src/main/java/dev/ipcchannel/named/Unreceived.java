package dev.ipcchannel.named;

/// The fate of a message of a [NamedSender] while there is no receiver. A `trySend` never waits,
/// and says [dev.ipcchannel.SendOutcome#NO_RECEIVER] in any case.
public enum Unreceived {

    /// It waits for a receiver. The commit of a [dev.ipcchannel.Claim] does not: where the last
    /// receiver has gone since the claim, it throws [dev.ipcchannel.NoReceiver].
    WAIT,

    /// It drops the message, and counts it: [NamedSender#dropped].
    DROP,

    /// It throws [dev.ipcchannel.NoReceiver].
    FAIL
}
