package dev.ipcchannel.testing.children;

import dev.ipcchannel.Sender;

/// The end that a [NumberingChild] hands over.
///
/// @param orders takes the sender that the child shall use
public record Desk(Sender<Handover> orders) {}
