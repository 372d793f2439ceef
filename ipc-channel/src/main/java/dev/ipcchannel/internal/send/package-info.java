/// The way of a message out, to one receiver and to many.
///
/// Used by `dev.ipcchannel`, `named`, `internal.presence` and `internal.rendezvous`; uses
/// `internal.flight`, `internal.end`, `internal.posix`, `internal.ring`, `internal.wait` and
/// `internal.wire`. Start with [Outbox] and [OutboundLane], then [Group].
///
/// - [Outbox], [Share], [OutboxPool]: a process's way into a channel; one sender's share in it; the
///   outboxes into one channel whose senders came by one receiver
/// - [LazyLane], [OutboundLane]: an outbox's lane, made by the first send; the writer's side of it
/// - [RoomWait], [DeadlockAlarm], [ReceiverWatch]: the wait for room; the warning of two processes
///   that wait for each other; the watch for the receiver's end
/// - [PartsWriter]: the descriptors of a record, sent before it
/// - [SpillWriter], [SpillPool], [SpillUses]: a long message into a file; the pool of files; the
///   files of one lane
/// - [Group], [GroupState], [Members], [GroupLane]: the receivers of one sender, each with a lane
/// - [GroupWay], [TurnWait], [Claims], [PlainSend], [RoomInAll]: a message to all of them or to
///   none: claims in all lanes, then commits
/// - [SlowRule], [Backlogs], [Backlog], [KeptMessage], [NoReceiverRule]: the rules for a message
///   that some receivers have no room for, or that has no receiver
/// - [Numbering], [UserClaim]: the number in each message; a message that a user writes in place
@NullMarked
package dev.ipcchannel.internal.send;

import org.jspecify.annotations.NullMarked;
