package dev.ipcchannel;

import dev.ipcchannel.internal.lane.Transfer;

/// An end of a channel inside a message that is being sent. Exactly one of [#arrived] and [#stayed]
/// follows.
interface Passenger {

    /// What the other process needs.
    Transfer transfer();

    /// The message was committed: the end belongs to whoever receives it.
    void arrived();

    /// The message was not sent: the end is its old owner's as before.
    void stayed();
}
