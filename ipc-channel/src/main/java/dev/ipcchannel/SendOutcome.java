package dev.ipcchannel;

/// The outcome of a send that never waits.
public enum SendOutcome {

    /// It is on its way.
    SENT,

    /// There is no room now, or another thread is using this sender. Nothing was sent.
    FULL,

    /// There is no receiver now. Only a sender by name has this outcome ([dev.ipcchannel.named]).
    /// Nothing was sent.
    NO_RECEIVER
}
