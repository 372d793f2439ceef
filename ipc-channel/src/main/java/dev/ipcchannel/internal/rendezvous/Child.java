package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.lane.Peer;

/// A child process that is expected to connect.
///
/// @param process the child, or the first of a few that start each other
/// @param errorLines the last lines of its error output, as far as they are captured
public record Child(Process process, Peer.ErrorLines errorLines) {}
