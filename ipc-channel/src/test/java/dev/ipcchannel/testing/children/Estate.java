package dev.ipcchannel.testing.children;

import dev.ipcchannel.Receiver;

/// A message with a receiver inside.
///
/// @param receiver becomes the receiving process's, with what is unread in it
public record Estate(Receiver<String> receiver) {}
