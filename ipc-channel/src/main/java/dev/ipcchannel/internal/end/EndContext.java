package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.wire.LaneSettings;
import org.jspecify.annotations.Nullable;

/// The things that an end of a channel has in common with all that belongs to it in this process:
/// its lanes, its waits, the socket where lanes are announced.
///
/// @param announcement the socket at which lanes are announced: the sending side's or the receiving
/// side's, which that end closes
/// @param settings of the channel's lanes
/// @param peer the process that the end came from; null if that is not known
/// @param holders of the channel's other ends
/// @param tally counts what the end does and holds
/// @param faults what a test has asked for; null but on an in-process channel
public record EndContext(Descriptor announcement, LaneSettings settings, @Nullable Peer peer,
        EndHolders holders, Tally tally, @Nullable Faults faults) {

    /// The context of an end of which no other end is known here, and whose lanes have no faults.
    public static EndContext of(Tally.Side side, Descriptor announcement, LaneSettings settings,
            @Nullable Peer peer) {
        return new EndContext(announcement, settings, peer, new EndHolders(), new Tally(side),
                null);
    }

    /// The same but for its announcement socket and its counters.
    public EndContext with(Descriptor otherAnnouncement, Tally otherTally) {
        return new EndContext(otherAnnouncement, settings, peer, holders, otherTally, faults);
    }
}
