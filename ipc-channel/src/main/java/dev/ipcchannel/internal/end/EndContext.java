package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.wire.LaneSettings;
import org.jspecify.annotations.Nullable;

/// The things that an end shares with everything that belongs to it in this process: its lanes, its
/// waits, and the socket at which lanes are announced.
///
/// @param announcement the socket at which lanes are announced: the sending side or the receiving
/// side of it. The end closes it.
/// @param settings of the channel's lanes
/// @param peer the process that the end came from; null if it is not known
/// @param holders the processes that have the channel's other ends
/// @param counters of the end
/// @param faults the faults that a test has asked for; null except on an in-process channel
public record EndContext(Descriptor announcement, LaneSettings settings, @Nullable Peer peer,
        EndHolders holders, Counters counters, @Nullable Faults faults) {

    /// The context of an end whose channel has no other end known here, and whose lanes have no
    /// faults.
    public static EndContext of(Counters.Side side, Descriptor announcement, LaneSettings settings,
            @Nullable Peer peer) {
        return new EndContext(announcement, settings, peer, new EndHolders(), new Counters(side),
                null);
    }

    /// The same context with another announcement socket and other counters.
    public EndContext with(Descriptor otherAnnouncement, Counters otherCounters) {
        return new EndContext(otherAnnouncement, settings, peer, holders, otherCounters, faults);
    }
}
