package dev.ipcchannel.testing.children;

import dev.ipcchannel.Sender;

/// A message with a sender inside.
///
/// @param sender becomes the receiving process's
public record Handover(Sender<String> sender) {}
