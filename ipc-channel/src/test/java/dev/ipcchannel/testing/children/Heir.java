package dev.ipcchannel.testing.children;

import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;

/// The ends that an [HeirChild] hands over.
///
/// @param estates takes the receiver that the child shall read
/// @param reports gives what the child read there, and how it ended
public record Heir(Sender<Estate> estates, Receiver<String> reports) {}
