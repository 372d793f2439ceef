/// What the two sides of a lane have in common, and the way by which a sender's messages go.
///
/// Used by `dev.ipcchannel`, `named`, `internal.presence`, `internal.receive`,
/// `internal.rendezvous` and `internal.send`; uses `internal.posix`, `internal.wait` and
/// `internal.wire`. Start with [Peer].
///
/// - [Outgoing], [Movable], [OutgoingMessage]: a sender's way to one receiver or to many; one to
///   one receiver, which can move; the bytes and descriptors that go by it
/// - [TailOfBytes]: a codec whose messages end with bytes as they are, copied to where they stay
/// - [Peer], [NamedEnd], [EndHolders]: the process at the other side; an end's words for its name;
///   the processes that have a channel's other ends
/// - [EndContext]: what an end has in common with its lanes and its waits
/// - [TerminalFailure]: why an end cannot go on, with what is known of the other process
/// - [Bootstrap], [PacketLifeline]: a client's way to a one-shot server; their connection
/// - [SpillFile], [KnownFile], [Views]: a long message's file; one on both sides; users' views
/// - [Tally], [Tallies], [Holding]: the counters of an end, of the process, of one lane
/// - [Faults], [LaneFaults]: the faults that a test asks for on a channel, on one lane
@NullMarked
package dev.ipcchannel.internal.lane;

import org.jspecify.annotations.NullMarked;
