/// The way of a message out, to one receiver and to many.
///
/// Used by `dev.ipcchannel`, `named`, `internal.presence` and `internal.rendezvous`; uses
/// `internal.flight`, `internal.end`, `internal.posix`, `internal.ring`, `internal.wait` and
/// `internal.wire`. Start with [Outbox] and [OutboundLane], then [Group].
///
/// - [Outbox], [Share], [OutboxPool]: a process's way into a channel; one sender's part; those of
///   one channel that have come by one receiver
/// - [OwnLane], [OutboundLane]: an outbox's lane, made at the first send; the writer's side
/// - [RoomWait], [DeadlockAlarm], [ReceiverWatch]: the waits for room and for the receiver's end;
///   the warning of two processes that wait for each other
/// - [PartsWriter]: descriptors, before their record
/// - [SpillWriter], [SpillPool], [SpillUses]: a long message into a file; its pool; one lane's
/// - [Group], [GroupState], [Members], [GroupLane]: the receivers of one sender, each with a lane
/// - [GroupWay], [TurnWait], [Claims], [PlainSend], [RoomInAll]: a message to all of them or to
///   none: claims in all lanes, then commits
/// - [SlowRule], [Backlogs], [Backlog], [KeptMessage], [NoReceiverRule]: what becomes of one for
///   which some have no room, or for which there is no receiver
/// - [Numbering], [UserClaim]: the number in each message; one that a user writes in place
@NullMarked
package dev.ipcchannel.internal.send;

import org.jspecify.annotations.NullMarked;
