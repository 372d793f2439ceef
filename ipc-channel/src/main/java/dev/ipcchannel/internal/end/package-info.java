/// The way of messages out and the way of messages in, as the upper packages see them: two
/// interfaces, and everything that they have in common.
///
/// Used by `dev.ipcchannel`, `named`, `select`, `testing`, `internal.presence`, `internal.receive`,
/// `internal.rendezvous` and `internal.send`; uses `internal.posix`, `internal.process`,
/// `internal.ring`, `internal.wait` and `internal.wire`. Start with [Outgoing] and [Incoming].
///
/// - [End]: the common part of the two interfaces
/// - [Outgoing], [Movable], [OutgoingMessage]: a sender's way to one receiver or to many; a way to
///   one receiver, which can move; the bytes and descriptors of a message out
/// - [Incoming], [IncomingMessage]: the way of messages to a receiver; a message found there
/// - [Selectable], [Membership], [MessageSink]: an end that a set can wait on; the set as that end
///   sees it; a taker of what the set finds
/// - [ByteTail]: a codec whose messages end with bytes that a reader copies to their final array
/// - [EndMarks], [LaneMarks]: two numbers, one of each side, which the other side can read: those
///   of an end, also before it has a lane; those of a lane, until it ends
/// - [Peer], [NamedEnd], [EndHolders]: the process at the other side; an end's words for its name;
///   the processes that have a channel's other ends
/// - [EndContext]: the things that an end shares with its lanes and its waits
/// - [TerminalFailure]: the reason why an end cannot go on, with what is known of the other process
/// - [Bootstrap], [PacketLifeline]: a client's way to a one-shot server; their connection
/// - [SpillFile], [KnownFile], [GuardedView]: a long message's file; such a file as both sides of a
///   lane know it; users' views
/// - [Counters], [ProcessCounters], [LaneResources]: the counters of an end, of the process, of one
///   lane
/// - [Faults], [LaneFaults]: the faults that a test asks for on a channel, on one lane
@NullMarked
package dev.ipcchannel.internal.end;

import org.jspecify.annotations.NullMarked;
