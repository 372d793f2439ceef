package dev.ipcchannel;

/// The fate of a message that was not worth waiting for.
public enum SendOutcome {

    /// It is on its way.
    SENT,

    /// There is no room now, or another thread is at work on this sender. Nothing was sent.
    FULL,

    /// There is no receiver now: of a sender by name alone ([dev.ipcchannel.named]). Nothing was
    /// sent.
    NO_RECEIVER
}
