/// The two doors: the way of messages out and the way of messages in, as the front and the rooms
/// above it see them; and what the two have in common.
///
/// Used by `dev.ipcchannel`, `named`, `select`, `testing`, `internal.presence`, `internal.receive`,
/// `internal.rendezvous` and `internal.send`; uses `internal.posix`, `internal.ring`,
/// `internal.wait` and `internal.wire`. Start with [Outgoing] and [Incoming].
///
/// - [End]: what the two doors have in common
/// - [Outgoing], [Movable], [OutgoingMessage]: a sender's way to one receiver or to many; one to
///   one receiver, which can move; the bytes and descriptors that go by it
/// - [Incoming], [IncomingMessage]: the way of messages to a receiver; one that was found there
/// - [Selectable], [Membership], [MessageSink]: what a set can wait on; the set as that sees it; a
///   taker of what the set finds
/// - [TailOfBytes]: a codec whose messages end with bytes as they are, copied to where they stay
/// - [EndMarks], [LaneMarks]: a number of each side's that the other one may look at; those
///   of an end, before it has a lane as well; those of a lane, until it is gone
/// - [Peer], [NamedEnd], [EndHolders]: the process at the other side; an end's words for its name;
///   the processes that have a channel's other ends
/// - [EndContext]: what an end has in common with its lanes and its waits
/// - [TerminalFailure]: why an end cannot go on, with what is known of the other process
/// - [Bootstrap], [PacketLifeline]: a client's way to a one-shot server; their connection
/// - [SpillFile], [KnownFile], [Views]: a long message's file; one on both sides; users' views
/// - [Tally], [Tallies], [Holding]: the counters of an end, of the process, of one lane
/// - [Faults], [LaneFaults]: the faults that a test asks for on a channel, on one lane
@NullMarked
package dev.ipcchannel.internal.end;

import org.jspecify.annotations.NullMarked;
