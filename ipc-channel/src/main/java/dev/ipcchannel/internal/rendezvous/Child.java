package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Lifelines;
import dev.ipcchannel.internal.lane.Peer;

/// A child process that is expected to connect.
///
/// @param process the child, or the first of a few that start each other
/// @param errorLines the last lines of its error output, as far as they are captured
public record Child(Process process, Peer.ErrorLines errorLines) {

    /// Its name, as its user has it; empty if that is not known.
    String name() {
        Lifelines.Expected expected = Lifelines.expected(process);
        return expected == null ? "" : expected.name();
    }

    /// Whether a transport expects it, whose users know of no server.
    boolean isOfStart() {
        return Lifelines.expected(process) != null;
    }
}
